import { fromBase64, type OperationMessage } from '@sallyport/contract';
import {
  BerError,
  type ChangelogBatchRequest,
  type Dn,
  EXTENDED_OID,
  encodeChangelogBatchRequest,
  isReadOnlyExtended,
  LdapError,
  parseChangelogBatchRequest,
  readDn,
} from '@sallyport/ldap';
import type { LimitedOperation, Limits } from './limits.ts';

type LimitedMessage = Extract<OperationMessage, { readonly type: LimitedOperation | 'extendedStream' }>;
type ExtendedMessage = Extract<OperationMessage, { readonly type: 'extended' | 'extendedStream' }>;

/** Why an operation is refused, or undefined if it is allowed. A pure decision; the rate is looked after elsewhere. */
export function refuseByLimits(message: OperationMessage, limits: Limits): LdapError | undefined {
  if (message.type === 'testConnection') return undefined;
  const { allowedOperations, readOnly } = limits;
  // One word in the file for both: the owner decides about the operation, not about how its answer travels.
  const operation = message.type === 'extendedStream' ? 'extended' : message.type;
  if (allowedOperations !== undefined && !allowedOperations.has(operation)) {
    return refusal('GATEWAY_LIMIT_OPERATION', `the operation "${operation}" is not allowed`);
  }
  if (readOnly && isWrite(message)) {
    return refusal('GATEWAY_LIMIT_READ_ONLY', `it is read-only, and "${operation}" changes entries`);
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
    case 'extendedStream':
      // Password modify and whatever a server calls its own may write.
      return !isReadOnlyExtended(message.oid);
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
    case 'extendedStream':
      return refuseExtendedByBase(message, bases);
    case 'modifyDn':
      return (
        refuseName(message.dn, bases) ??
        (message.newSuperior === undefined ? undefined : refuseName(message.newSuperior, bases))
      );
    default:
      return refuseName(message.dn, bases);
  }
}

function refuseExtendedByBase(message: ExtendedMessage, bases: readonly Dn[]): LdapError | undefined {
  if (message.oid === EXTENDED_OID.whoAmI) return undefined;
  if (message.oid === EXTENDED_OID.getChangelogBatch) {
    const { includeBases = [] } = readBatchRequest(message) ?? {};
    if (includeBases.length > 0) {
      return includeBases.map((base) => refuseName(base, bases)).find((refused) => refused !== undefined);
    }
    return refusal('GATEWAY_LIMIT_BASE', 'a changelog batch that names no bases tells about every entry');
  }
  return refusal(
    'GATEWAY_LIMIT_BASE',
    `the entries that the extended operation ${message.oid} touches cannot be told`,
  );
}

/**
 * What the directory will understand, or undefined if that is not certain: a value that says a thing twice or in another
 * order could name one base to us and another one to the directory.
 */
function readBatchRequest({ value }: ExtendedMessage): ChangelogBatchRequest | undefined {
  if (value === undefined) return undefined;
  const bytes = fromBase64(value);
  try {
    const request = parseChangelogBatchRequest(bytes);
    return encodeChangelogBatchRequest(request).equals(bytes) ? request : undefined;
  } catch (error) {
    if (error instanceof BerError) return undefined;
    throw error;
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
