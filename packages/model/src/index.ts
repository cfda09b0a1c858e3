export { ERROR_CATALOGUE, type ErrorCode, readCatalogueEntry } from './error/catalogue.ts';
export { API_ERROR_CODES, type ApiErrorCode, type CatalogueEntry } from './error/catalogue-entry.ts';
export { CodedError, type ErrorDetail } from './error/coded-error.ts';
export { errorReference } from './error/error-reference.ts';
export {
  GROUP_SOURCE_TYPES,
  type Group,
  type GroupProfile,
  type GroupSource,
  type GroupSourceType,
  groupDisplayName,
} from './group/group.ts';
export {
  GROUP_ATTRIBUTES,
  type GroupAttribute,
  groupAttribute,
  groupCustomName,
} from './group/group-attribute.ts';
export { groupProfileOfBody, isGroupProfile, parseGroupProfile } from './group/group-body.ts';
export { groupFaults } from './group/group-faults.ts';
export { changeGroup, flattenGroup, unflattenGroup } from './group/group-flat.ts';
export { Secret } from './identity/secret.ts';
export { isUuid, newUuid, parseUuid, readUuid, type Uuid } from './identity/uuid.ts';
export {
  type Configuration,
  type ConfigurationFault,
  ConfigurationReader,
  type ConfigurationValue,
} from './rule/configuration.ts';
export {
  DEFAULT_MAX_REMOVALS,
  DEFAULT_MAX_REMOVALS_PERCENT,
  DEFAULT_POLL_INTERVAL_SECONDS,
  type InboundSettings,
  NESTED_GROUPS,
  type NestedGroups,
  readInboundSettings,
} from './rule/inbound-settings.ts';
export {
  CHARACTER_CASES,
  type CharacterCase,
  MAPPING_PARSERS,
  type Mapping,
  type MappingParser,
  plainMapping,
} from './rule/mapping.ts';
export {
  concernsGroups,
  REMOVE_ACTIONS,
  type RemoveAction,
  readTargetActions,
  type TargetActions,
} from './rule/target-actions.ts';
export type { AttributeChange, ObjectAttributes } from './run/attribute-change.ts';
export {
  LINK_STATUSES,
  type LinkStatus,
  type ObjectType,
  OUTCOMES,
  type Outcome,
  type OutcomeCounts,
  type Presence,
  type RunStatus,
  type RunType,
  zeroCounts,
} from './run/outcome.ts';
export type { Selection, SelectionOperator } from './selection/selection.ts';
export { textFault } from './user/attribute-rule.ts';
export {
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type User,
  type UserAddress,
  type UserName,
  type UserProfile,
  type UserProfilePatch,
  type UserState,
} from './user/user.ts';
export {
  isCustomAttributeName,
  RESERVED_USER_PROPERTIES,
  USER_ATTRIBUTES,
  type UserAttribute,
  userAttribute,
} from './user/user-attribute.ts';
export { isUserProfile, mergeProfile, parseProfile, profileOfBody } from './user/user-body.ts';
export { userFaults } from './user/user-faults.ts';
export { changeProfile, flattenProfile, unflattenProfile } from './user/user-flat.ts';
export { foldCase } from './user/user-key.ts';
