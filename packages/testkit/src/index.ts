export {
  readServerCertificate,
  type ShownCertificate,
  testCertificates,
} from './certificates/test-certificates.ts';
export { type AccountRights, allRights, noRights, readRights } from './directory/core/caller.ts';
export {
  commonFaults,
  DirectoryFaults,
  type Fault,
  type FaultEffect,
  type InjectedFault,
} from './directory/faults/directory-faults.ts';
export type { PingDirectoryOptions } from './directory/ping-directory/pd-options.ts';
export type {
  AttributesInput,
  DirectoryEdits,
  EntrySnapshot,
  ModifyInput,
} from './directory/server/directory-edits.ts';
export { peoplePassword } from './directory/server/load-organisation.ts';
export {
  type InMemoryDirectory,
  type InMemoryDirectoryOptions,
  type MannerName,
  type ServiceAccount,
  startInMemoryDirectory,
} from './directory/start-in-memory-directory.ts';
export {
  type Configuration,
  clientOf,
  type DirectoryAddress,
  type GatewaySetUp,
  type InboundRule,
  type InboundRuleSetUp,
  type MappingSetUp,
  makeGateway,
  makeInboundRule,
  makeRevision,
  type Run,
  runToEnd,
  waitForFirstRun,
  waitForInstances,
  waitForRun,
} from './house/inbound-set-up.ts';
export { type Program, type ProgramOptions, ROOT, startProgram, waitUntilReady } from './house/program.ts';
export { type GatewayProgramOptions, startGateway } from './house/running-gateway.ts';
export {
  freePort,
  newServerIdentity,
  type RunningServer,
  type ServerIdentity,
  type ServerOptions,
  startServer,
} from './house/running-server.ts';
export { startTcpProxy, type TcpProxy, type TcpProxyTarget } from './house/tcp-proxy.ts';
export { type WaitOptions, waitUntil } from './house/wait-until.ts';
export {
  type DirectoryKind,
  defaultBaseDn,
  type OrganisationOptions,
  organisationEntries,
  personDn,
  type SeedEntry,
} from './people/organisation.ts';
export { organisationLdif, writeOrganisationLdif } from './people/organisation-ldif.ts';
export { type Person, personAt } from './people/person.ts';
export type {
  DirectoryServer,
  DirectoryWithChangelog,
  ReaderAccount,
} from './servers/directory-server.ts';
export { type Ds389Options, startDs389 } from './servers/ds389.ts';
export { type OpenDjOptions, startOpenDj } from './servers/opendj.ts';
export { openDjArchive, whyNoOpenDj } from './servers/opendj-archive.ts';
export { type OpenLdapOptions, startOpenLdap } from './servers/openldap.ts';
export { type SambaOptions, startSamba } from './servers/samba.ts';
