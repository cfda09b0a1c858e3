export { CORRELATION } from './directory/correlation.ts';
export { activeDirectory } from './directory/dialect/active-directory.ts';
export { chooseDialect } from './directory/dialect/choose-dialect.ts';
export type { DefaultMapping, Dialect, DialectName } from './directory/dialect/dialect.ts';
export type { AccountFlag } from './directory/dialect/standard.ts';
export { readDirectorySchema } from './directory/directory-schema.ts';
export { type DirectorySourceOptions, makeDirectorySource } from './directory/directory-source.ts';
export { type Correlated, type CorrelatedSearch, findCorrelated } from './directory/find-correlated.ts';
export {
  type CompiledOutbound,
  compileOutbound,
  type OutboundEntry,
  type OutboundExplanation,
  type OutboundResult,
  type OutboundRule,
} from './directory/outbound/compile-outbound.ts';
export { type ComposedDn, composeDn, type Naming } from './directory/outbound/compose-dn.ts';
export { directoryAttributes } from './directory/outbound/directory-attributes.ts';
export {
  type OutboundDialect,
  type OutboundMapping,
  outboundDialect,
} from './directory/outbound/outbound-dialect.ts';
export {
  DN_NAMES,
  type OutboundSettings,
  readOutboundSettings,
} from './directory/outbound/outbound-settings.ts';
export { namingContextOf, type RootDse, readRootDse } from './directory/root-dse.ts';
export { scopeFaults } from './directory/scope/scope.ts';
export type { GroupTargetOptions } from './identity-store/group-target.ts';
export type {
  IdentityStoreGroup,
  IdentityStoreGroups,
  IdentityStoreGroupWrite,
  IdentityStoreMember,
  IdentityStoreMembershipResult,
  IdentityStoreMemberships,
  IdentityStoreMembershipWrite,
} from './identity-store/identity-store-groups.ts';
export {
  type IdentityStoreTargetOptions,
  makeIdentityStoreTarget,
} from './identity-store/identity-store-target.ts';
export type {
  IdentityStoreUser,
  IdentityStoreUsers,
  IdentityStoreWrite,
  IdentityStoreWriteResult,
} from './identity-store/identity-store-users.ts';
export { PASSWORD_LINK, type PasswordGateway } from './identity-store/password-link.ts';
export type { KnownPopulation } from './identity-store/population-finder.ts';
export { makeUserValues, type SourceUser, USER_SYSTEM_PATHS } from './identity-store/user-source.ts';
