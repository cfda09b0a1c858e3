// The codec: BER, messages, controls.
export { BerError, type BerErrorCode } from './ber/ber-error.ts';
export { type BerLimits, DEFAULT_BER_LIMITS } from './ber/ber-limits.ts';
export { BerReader } from './ber/ber-reader.ts';
export { contextConstructedTag, contextTag, TAG } from './ber/ber-tag.ts';
export { BerWriter, type OctetsInput } from './ber/ber-writer.ts';
// The client.
export type {
  BindAccount,
  ClientTls,
  LdapClientEvent,
  LdapClientOptions,
  LdapSecurity,
  LdapServerAddress,
} from './client/client-options.ts';
export { type LdapClient, makeLdapClient } from './client/ldap-client.ts';
export type { ConnectionReport } from './client/test-connection.ts';
export { CONTROL_OID } from './control/control-oid.ts';
export {
  DIR_SYNC_FLAG,
  type DirSyncRequest,
  type DirSyncResponse,
  makeDirSyncRequestControl,
  makeDirSyncResponseControl,
  parseDirSyncRequestControl,
  parseDirSyncResponseControl,
} from './control/dir-sync.ts';
export { type ExtendedDnForm, makeExtendedDnControl, parseExtendedDnControl } from './control/extended-dn.ts';
export {
  makeAssertionControl,
  makeMatchedValuesControl,
  parseAssertionControl,
  parseMatchedValuesControl,
} from './control/filter-controls.ts';
export { findControl } from './control/find-control.ts';
export { makeFlagControl } from './control/flag-controls.ts';
export {
  makePagedResultsControl,
  type PagedResults,
  parsePagedResultsControl,
} from './control/paged-results.ts';
export {
  type EntryChange,
  type EntryChangeType,
  makeEntryChangeControl,
  makePersistentSearchControl,
  type PersistentSearch,
  parseEntryChangeControl,
  parsePersistentSearchControl,
} from './control/persistent-search.ts';
export { makeRangeOptionControl } from './control/range-option.ts';
export {
  makeReadEntryRequestControl,
  makeReadEntryResponseControl,
  parseReadEntryRequestControl,
  parseReadEntryResponseControl,
  type ReadEntryMoment,
} from './control/read-entry.ts';
export {
  makeSortRequestControl,
  makeSortResponseControl,
  parseSortRequestControl,
  parseSortResponseControl,
  type SortKey,
  type SortResult,
} from './control/server-sort.ts';
export {
  makeSoftDeleteControl,
  makeSoftDeletedEntryAccessControl,
  makeSoftDeleteResponseControl,
  parseSoftDeleteControl,
  parseSoftDeletedEntryAccessControl,
  parseSoftDeleteResponseControl,
  type SoftDeletedEntryAccess,
} from './control/soft-delete.ts';
export { makeSyncRequestControl, parseSyncRequestControl, type SyncRequest } from './control/sync-request.ts';
export {
  makeSyncDoneControl,
  makeSyncStateControl,
  parseSyncDoneControl,
  parseSyncStateControl,
  type SyncDone,
  type SyncState,
} from './control/sync-state.ts';
export { ancestorKeyRange, Dn, parseDn, parseRdn, readDn, rootDn } from './dn/dn.ts';
// Values: names, filters, schema, LDIF, single values.
export { escapeDnValue } from './dn/escape.ts';
export { type Ava, makeRdn, Rdn } from './dn/rdn.ts';
// Reading search results.
export {
  type AttributeDescription,
  parseAttributeDescription,
  type ValueRange,
} from './entry/attribute-description.ts';
export { completeRanges } from './entry/complete-ranges.ts';
export {
  EntryBatch,
  type IntermediateItem,
  type ReferenceItem,
  type SearchItem,
} from './entry/entry-batch.ts';
export type { LazyEntry } from './entry/lazy-entry.ts';
export { encodeCancel, parseCancel } from './extended/cancel.ts';
export {
  type ChangelogBatchRequest,
  type ChangelogChangeType,
  type ChangelogSelection,
  type ChangelogStart,
  encodeChangelogBatchRequest,
  parseChangelogBatchRequest,
} from './extended/changelog-batch-request.ts';
export {
  type ChangelogBatchEntry,
  type ChangelogBatchResult,
  encodeChangelogBatchEntry,
  encodeChangelogBatchResult,
  encodeMissingChanges,
  parseChangelogBatchEntry,
  parseChangelogBatchResult,
  parseMissingChanges,
} from './extended/changelog-batch-response.ts';
export { EXTENDED_OID, isReadOnlyExtended } from './extended/extended-oid.ts';
export {
  encodeGeneratedPassword,
  encodePasswordModify,
  type PasswordModify,
  parseGeneratedPassword,
  parsePasswordModify,
} from './extended/password-modify.ts';
export { encodeSyncInfo, parseSyncInfo, type SyncInfo } from './extended/sync-info.ts';
export { parseWhoAmI } from './extended/who-am-i.ts';
export { attributesOf } from './filter/attributes-of.ts';
export {
  type AssertionValue,
  and,
  approx,
  contains,
  type ExtensibleParts,
  endsWith,
  eq,
  extensible,
  greaterOrEqual,
  lessOrEqual,
  not,
  or,
  present,
  type SubstringParts,
  startsWith,
  substrings,
} from './filter/build-filter.ts';
export {
  canEvaluate,
  compileFilter,
  type UndecidablePart,
  undecidableParts,
} from './filter/compile-filter.ts';
export { explainFilter, type FilterExplanation, printExplanation } from './filter/explain-filter.ts';
export type { Filter } from './filter/filter.ts';
export { type FilterEntry, makeFilterEntry } from './filter/filter-entry.ts';
export { DEFAULT_FILTER_LIMITS, type FilterLimits } from './filter/filter-limits.ts';
export { parseFilter } from './filter/parse-filter.ts';
export { escapeFilterBytes, escapeFilterValue, printFilter } from './filter/print-filter.ts';
export type { Verdict } from './filter/verdict.ts';
export { expandCompactAttributes, parseDeletedAttributes } from './ldif/deleted-entry.ts';
export { DEFAULT_LDIF_LIMITS, type LdifLimits } from './ldif/ldif-lines.ts';
export type { LdifChange, LdifEntry, LdifRecord } from './ldif/ldif-record.ts';
export { parseChangedAttributes, parseChangedModifications } from './ldif/parse-changes.ts';
export { printChangedAttributes, printChangedModifications } from './ldif/print-changes.ts';
export { type LdifStyle, printLdifRecord, writeLdif } from './ldif/print-ldif.ts';
export { parseLdif, readLdif } from './ldif/read-ldif.ts';
// The link to a directory.
export type {
  DirectoryLink,
  ExtendedOutcome,
  ExtendedStream,
  ExtendedStreamOptions,
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
export { MessageCursor } from './message/message-cursor.ts';
export { MessageFramer } from './message/message-framer.ts';
export { OPERATION_TAG } from './message/operation-tag.ts';
export { type ActiveDirectoryCode, readActiveDirectoryCode } from './result/active-directory-code.ts';
export {
  type ClientFailureCode,
  describeResult,
  LdapError,
  type LdapErrorDetails,
  makeClientError,
  makeResultError,
} from './result/ldap-error.ts';
export type { ExtendedResult, LdapResult } from './result/ldap-result.ts';
export { classifyResult, type ResultClass } from './result/result-class.ts';
export { RESULT_CODE, type ResultCodeName, resultCodeName } from './result/result-code.ts';
export type { ComparisonKind, MatchingRule } from './schema/comparison.ts';
export { defaultSchema } from './schema/default-schema.ts';
export type {
  AttributeTypeDefinition,
  AttributeUsage,
  MatchingRuleDefinition,
  ObjectClassDefinition,
  ObjectClassKind,
  SchemaDefinitions,
  SyntaxDefinition,
} from './schema/definition.ts';
export {
  parseAttributeType,
  parseMatchingRule,
  parseObjectClass,
  parseSyntax,
} from './schema/parse-definition.ts';
export {
  type ParsedSubschema,
  parseSubschema,
  type SchemaFault,
  type SubschemaValues,
} from './schema/parse-subschema.ts';
export { type AttributeType, makeSchema, type ObjectClass, type Schema } from './schema/schema.ts';
// The server side, for directories that tests and the demo run in memory.
export type { LdapExchange, ResultInput } from './server/ldap-exchange.ts';
export { LdapListener, type LdapListenerOptions, type ListenerTls } from './server/ldap-listener.ts';
export type { ServerConnection, ServerConnectionHandler } from './server/server-connection.ts';
export { parseLdapBoolean, printLdapBoolean } from './values/boolean.ts';
export { type DnWithBinary, parseDnWithBinary, printDnWithBinary } from './values/dn-with-binary.ts';
export { type ExtendedDn, parseExtendedDn } from './values/extended-dn.ts';
export { FILE_TIME_NEVER, isNever, makeFileTime, parseInteger8, readFileTime } from './values/file-time.ts';
export {
  type GeneralizedTimeStyle,
  parseGeneralizedTime,
  parseUtcTime,
  printGeneralizedTime,
} from './values/generalized-time.ts';
export {
  GROUP_TYPE,
  type GroupScope,
  type GroupType,
  makeGroupType,
  parseGroupType,
} from './values/group-type.ts';
export { parseEntryUuid, parseObjectGuid, printEntryUuid, printObjectGuid } from './values/guid.ts';
export { type LdapUrl, parseLdapUrl } from './values/ldap-url.ts';
export { type RangedAttribute, rangeRequest, readRange } from './values/range-option.ts';
export { parseSid, printSid, siblingSid } from './values/sid.ts';
export { prepareCaseExact, prepareCaseIgnore } from './values/string-preparation.ts';
export { foundAt, LdapTextError, type LdapTextErrorCode, type LdapTextFault } from './values/text-error.ts';
export { encodeUnicodePwd } from './values/unicode-pwd.ts';
export {
  isDisabled,
  parseUserAccountControl,
  USER_ACCOUNT_CONTROL,
  type UserAccountControlFlag,
  userAccountControlFlags,
  withDisabled,
} from './values/user-account-control.ts';
export { readUtf8 } from './values/utf8.ts';
