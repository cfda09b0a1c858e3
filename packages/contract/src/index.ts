export { CAPABILITIES, type Capability } from './gateway/capability.ts';
export { CLOSE_CODE, type CloseCode, closeCodeName } from './gateway/close-code.ts';
export {
  type DownMessage,
  downMessageSchema,
  type OperationMessage,
  type StreamMessage,
} from './gateway/down-message.ts';
export type { AttributeField } from './gateway/field/attribute.ts';
export type { ControlField } from './gateway/field/control.ts';
export type { LdapResultField } from './gateway/field/ldap-result.ts';
export { fromBase64, toBase64 } from './gateway/field/octets.ts';
export {
  decodeFrame,
  encodeFrame,
  FRAME_HEADER_BYTES,
  MAX_STREAM_ID,
  type StreamFrame,
  writeFrameHeader,
} from './gateway/frame.ts';
export type { AddMessage } from './gateway/message/add.ts';
export type { BindMessage } from './gateway/message/bind.ts';
export type { CancelMessage } from './gateway/message/cancel.ts';
export type { CompareMessage } from './gateway/message/compare.ts';
export {
  type ConfigurationMessage,
  type GatewayLdapConfiguration,
  gatewayLdapConfigurationSchema,
  type Reporting,
} from './gateway/message/configuration.ts';
export type { ConnectionReportMessage, ServerReport } from './gateway/message/connection-report.ts';
export type { CreditMessage } from './gateway/message/credit.ts';
export type { DeleteMessage } from './gateway/message/delete.ts';
export type { DrainingMessage } from './gateway/message/draining.ts';
export type { ExtendedMessage } from './gateway/message/extended.ts';
export type { ExtendedStreamMessage } from './gateway/message/extended-stream.ts';
export type { FailureMessage } from './gateway/message/failure.ts';
export type { HealthMessage } from './gateway/message/health.ts';
export type { HelloMessage, LimitsSummary } from './gateway/message/hello.ts';
export type { MetricsMessage } from './gateway/message/metrics.ts';
export type { ModifyMessage } from './gateway/message/modify.ts';
export type { ModifyDnMessage } from './gateway/message/modify-dn.ts';
export type { MoveMessage } from './gateway/message/move.ts';
export type { ResultMessage } from './gateway/message/result.ts';
export type { SearchMessage } from './gateway/message/search.ts';
export type { TestConnectionMessage } from './gateway/message/test-connection.ts';
export type { WatchMessage } from './gateway/message/watch.ts';
export {
  DEFAULT_CREDIT_BYTES,
  FRAME_TARGET_BYTES,
  GATEWAY_PATH,
  GATEWAY_PROTOCOL,
  MAX_CONTROL_BYTES,
  MAX_FRAME_BYTES,
} from './gateway/protocol.ts';
export { type ReadMessage, readDownMessage, readUpMessage } from './gateway/read-message.ts';
export { type UpMessage, upMessageSchema } from './gateway/up-message.ts';
export { CONTRACT_REVISION, VERSION_HISTORY } from './gateway/version-history.ts';
export {
  type ApiClient,
  type ApiClientOptions,
  type CallOptions,
  makeApiClient,
} from './rest/client/api-client.ts';
// The REST API: one table of operations, and what is made from it.
export { ApiError } from './rest/client/api-error.ts';
export { pagesOf } from './rest/client/pages.ts';
export type { ClientCredentials } from './rest/client/token-source.ts';
export { MEDIA_TYPE } from './rest/media-type.ts';
export { makeOpenApi } from './rest/open-api/open-api.ts';
export {
  METHODS,
  type Method,
  type Operation,
  type OperationAnswer,
  type OperationGroup,
  type OperationInput,
  type OperationRequest,
  type OperationResult,
  type PathParameters,
} from './rest/operation.ts';
export { listOperations, type NamedOperation, OPERATIONS, type OperationTable } from './rest/operations.ts';
export { ROLES, type Role } from './rest/role.ts';
export type { ActivityBody } from './rest/shape/activity.ts';
export type { ApplicationBody } from './rest/shape/application.ts';
export type { EnvironmentBody } from './rest/shape/environment.ts';
export type { ErrorBody } from './rest/shape/error.ts';
export {
  CONNECTION_SECURITIES,
  GATEWAY_VENDORS,
  type GatewayBody,
  type GatewayInstanceBody,
  type GatewayVendor,
  PASSWORD_AUTHORITIES,
} from './rest/shape/gateway.ts';
export type { GroupBody } from './rest/shape/group.ts';
export { PASSWORD_STATUSES, type PasswordStateBody } from './rest/shape/password.ts';
export type { PopulationBody } from './rest/shape/population.ts';
export type { MappingBody, RuleBody, StoreBody, StoreInput } from './rest/shape/propagation.ts';
export type {
  ChangeBody,
  ExplanationBody,
  HeldRemovalBody,
  RuleStatusBody,
  RunBody,
  SyncedObjectBody,
} from './rest/shape/run.ts';
export type { SchemaAttributeBody } from './rest/shape/schema.ts';
export type { UserBody } from './rest/shape/user.ts';
