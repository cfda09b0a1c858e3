export { CAPABILITIES, type Capability } from './gateway/capability.ts';
export { CLOSE_CODE, type CloseCode, closeCodeName } from './gateway/close-code.ts';
export { type DownMessage, downMessageSchema, type OperationMessage } from './gateway/down-message.ts';
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
export {
  type ConfigurationMessage,
  type GatewayLdapConfiguration,
  gatewayLdapConfigurationSchema,
  type Reporting,
} from './gateway/message/configuration.ts';
export type { ConnectionReportMessage, ServerReport } from './gateway/message/connection-report.ts';
export type { FailureMessage } from './gateway/message/failure.ts';
export type { HealthMessage } from './gateway/message/health.ts';
export type { HelloMessage, LimitsSummary } from './gateway/message/hello.ts';
export type { MetricsMessage } from './gateway/message/metrics.ts';
export type { ResultMessage } from './gateway/message/result.ts';
export type { SearchMessage } from './gateway/message/search.ts';
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
