export {
  readServerCertificate,
  type ShownCertificate,
  testCertificates,
} from './certificates/test-certificates.ts';
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
export type { DirectoryServer } from './servers/directory-server.ts';
export { type OpenLdapOptions, startOpenLdap } from './servers/openldap.ts';
export { type SambaOptions, startSamba } from './servers/samba.ts';
