import type { OperationMessage } from '@sallyport/contract';
import { type Dn, LdapError, readDn } from '@sallyport/ldap';
import type { LimitedOperation, Limits } from './limits.ts';

type LimitedMessage = Extract<OperationMessage, { readonly type: LimitedOperation }>;

/** WhoAmI (RFC 4532): the one extended operation that touches no entry. */
const WHO_AM_I_OID = '1.3.6.1.4.1.4203.1.11.3';

/** Why an operation is refused, or undefined if it is allowed. A pure decision; the rate is looked after elsewhere. */
export function refuseByLimits(message: OperationMessage, limits: Limits): LdapError | undefined {
  if (message.type === 'testConnection') return undefined;
  const { allowedOperations, readOnly } = limits;
  if (allowedOperations !== undefined && !allowedOperations.has(message.type)) {
    return refusal('GATEWAY_LIMIT_OPERATION', `the operation "${message.type}" is not allowed`);
  }
  if (readOnly && isWrite(message)) {
    return refusal('GATEWAY_LIMIT_READ_ONLY', `it is read-only, and "${message.type}" changes entries`);
  }
  return limits.allowedBases === undefined ? undefined : refuseByBase(message, limits.allowedBases);
}

function isWrite(message: LimitedMessage): boolean {
  switch (message.type) {
    case 'search':
    case 'watch':
    case 'compare':
    case 'bind':
      return false;
    case 'extended':
      // Password modify and whatever a server calls its own may write.
      return message.oid !== WHO_AM_I_OID;
    default:
      return true;
  }
}

function refuseByBase(message: LimitedMessage, bases: readonly Dn[]): LdapError | undefined {
  switch (message.type) {
    case 'search':
    case 'watch':
      return isAboutServer(message) ? undefined : refuseName(message.base, bases);
    case 'extended':
      if (message.oid === WHO_AM_I_OID) return undefined;
      return refusal(
        'GATEWAY_LIMIT_BASE',
        `the entries that the extended operation ${message.oid} touches cannot be told`,
      );
    case 'modifyDn':
      return (
        refuseName(message.dn, bases) ??
        (message.newSuperior === undefined ? undefined : refuseName(message.newSuperior, bases))
      );
    default:
      return refuseName(message.dn, bases);
  }
}

/** The root DSE and the schema say what the server can do and nothing about anybody. */
function isAboutServer(message: Extract<LimitedMessage, { readonly type: 'search' | 'watch' }>): boolean {
  if (message.scope !== 'base') return false;
  return message.base === '' || message.filter.toLowerCase() === '(objectclass=subschema)';
}

function refuseName(name: string, bases: readonly Dn[]): LdapError | undefined {
  const dn = readDn(name);
  // A name we cannot read (DOMAIN\user, <GUID=…>) could be anywhere.
  if (dn !== undefined && bases.some((base) => dn.isWithin(base))) return undefined;
  const allowed = bases.map((base) => `"${base.text}"`).join(', ');
  return refusal('GATEWAY_LIMIT_BASE', `"${name}" is not within ${allowed}`);
}

function refusal(code: string, why: string): LdapError {
  return new LdapError(
    `The limits file of the gateway refuses this: ${why}. Its owner can change the file.`,
    {
      code,
      class: 'refused',
      retryable: false,
    },
  );
}
