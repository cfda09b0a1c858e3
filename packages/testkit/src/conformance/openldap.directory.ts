import { startOpenLdap } from '../servers/openldap.ts';
import { openLdapCapabilities } from './capabilities.ts';
import { registerDirectoryConformance } from './register-directory-conformance.ts';
import { withPeopleFile } from './with-people.ts';

registerDirectoryConformance({
  name: 'OpenLDAP',
  kind: 'openLdap',
  capabilities: openLdapCapabilities,
  start: (people) => withPeopleFile('openLdap', people, (ldif) => startOpenLdap({ ldif })),
});
