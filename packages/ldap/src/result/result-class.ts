import { readActiveDirectoryCode } from './active-directory-code.ts';
import { RESULT_CODE } from './result-code.ts';

/**
 * What a failure means to whoever decides what happens next:
 * - `success`: no failure; `unchanged`: what was asked for was so already
 * - `retry`: the same request may succeed later
 * - `reject`: the data is not acceptable; it must change first
 * - `conflict`: something else has the name or value, or the entry is not what was assumed
 * - `gone`: the entry is not there
 * - `refused`: the server will not, for rights, limits or policy
 * - `configuration`: the connection's settings are wrong; every request would fail
 * - `signOn`: a password or account that may not sign on
 * - `resync`: the position in the change feed is worthless; read everything
 * - `bug`: a request that should not have been sent
 */
export type ResultClass =
  | 'success'
  | 'unchanged'
  | 'retry'
  | 'reject'
  | 'conflict'
  | 'gone'
  | 'refused'
  | 'configuration'
  | 'signOn'
  | 'resync'
  | 'bug';

const C = RESULT_CODE;

const CLASS_BY_RESULT_CODE: ReadonlyMap<number, ResultClass> = new Map<number, ResultClass>([
  [C.success, 'success'],
  [C.compareFalse, 'success'],
  [C.compareTrue, 'success'],
  [C.saslBindInProgress, 'success'],
  [C.operationsError, 'bug'],
  [C.protocolError, 'bug'],
  [C.timeLimitExceeded, 'refused'],
  [C.sizeLimitExceeded, 'refused'],
  [C.adminLimitExceeded, 'refused'],
  [C.resultsTooLarge, 'refused'],
  [C.authMethodNotSupported, 'configuration'],
  [C.strongerAuthRequired, 'configuration'],
  [C.confidentialityRequired, 'configuration'],
  [C.inappropriateAuthentication, 'configuration'],
  [C.referral, 'configuration'],
  [C.unavailableCriticalExtension, 'configuration'],
  [C.inappropriateMatching, 'configuration'],
  [C.loopDetect, 'configuration'],
  [C.noSuchAttribute, 'reject'],
  [C.undefinedAttributeType, 'reject'],
  [C.invalidAttributeSyntax, 'reject'],
  [C.aliasProblem, 'reject'],
  [C.invalidDnSyntax, 'reject'],
  [C.namingViolation, 'reject'],
  [C.objectClassViolation, 'reject'],
  [C.notAllowedOnNonLeaf, 'reject'],
  [C.notAllowedOnRdn, 'reject'],
  [C.objectClassModsProhibited, 'reject'],
  [C.affectsMultipleDsas, 'reject'],
  // Servers that keep values unique answer with constraintViolation; a rejected value is rarer.
  [C.constraintViolation, 'conflict'],
  [C.attributeOrValueExists, 'conflict'],
  [C.entryAlreadyExists, 'conflict'],
  [C.assertionFailed, 'conflict'],
  [C.noSuchObject, 'gone'],
  [C.aliasDereferencingProblem, 'refused'],
  [C.insufficientAccessRights, 'refused'],
  [C.unwillingToPerform, 'refused'],
  [C.authorizationDenied, 'refused'],
  [C.other, 'refused'],
  [C.noSuchOperation, 'refused'],
  [C.tooLate, 'refused'],
  [C.cannotCancel, 'refused'],
  [C.canceled, 'refused'],
  [C.invalidCredentials, 'signOn'],
  [C.busy, 'retry'],
  [C.unavailable, 'retry'],
  [C.sortControlMissing, 'bug'],
  [C.offsetRangeError, 'bug'],
  [C.virtualListViewError, 'bug'],
  [C.syncRefreshRequired, 'resync'],
]);

/**
 * The class of a result. Active Directory's own code in the diagnostic message, where it is known, says more than
 * the LDAP code does and decides.
 */
export function classifyResult(resultCode: number, diagnosticMessage: string): ResultClass {
  const byCode = CLASS_BY_RESULT_CODE.get(resultCode) ?? 'refused';
  if (byCode === 'success') return byCode;
  return readActiveDirectoryCode(diagnosticMessage)?.known?.class ?? byCode;
}
