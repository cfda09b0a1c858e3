// The codec: BER, messages, controls.
export { BerError, type BerErrorCode } from './ber/ber-error.ts';
export { type BerLimits, DEFAULT_BER_LIMITS } from './ber/ber-limits.ts';
export { BerReader } from './ber/ber-reader.ts';
export { contextConstructedTag, contextTag, TAG } from './ber/ber-tag.ts';
export { BerWriter, type OctetsInput } from './ber/ber-writer.ts';
export { CONTROL_OID } from './control/control-oid.ts';
// The link to a directory.
export type {
  DirectoryLink,
  ModifyDnOptions,
  OperationOptions,
  SearchOptions,
  SearchOutcome,
  SearchRequest,
  SearchScope,
  SearchStream,
  WatchOptions,
} from './link/directory-link.ts';
export type {
  AbandonRequestOp,
  AddRequestOp,
  AttributeValues,
  BindAuthentication,
  BindRequestOp,
  BindResponseOp,
  CompareRequestOp,
  Control,
  DeleteRequestOp,
  DerefAliases,
  ExtendedRequestOp,
  ExtendedResponseOp,
  IntermediateResponseOp,
  LdapMessage,
  LdapRequest,
  LdapResponse,
  Modification,
  ModificationKind,
  ModifyDnRequestOp,
  ModifyRequestOp,
  PlainResponseOp,
  ResultFields,
  SearchEntryOp,
  SearchReferenceOp,
  SearchRequestOp,
  UnbindRequestOp,
} from './message/message.ts';
export { decodeMessage, encodeMessage, MAX_MESSAGE_ID, writeMessage } from './message/message-codec.ts';
export { OPERATION_TAG } from './message/operation-tag.ts';
export type { ExtendedResult, LdapResult } from './result/ldap-result.ts';
