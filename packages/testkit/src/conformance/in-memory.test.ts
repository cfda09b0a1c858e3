import { startInMemoryDirectory } from '../directory/start-in-memory-directory.ts';
import { activeDirectoryCapabilities, openLdapCapabilities } from './capabilities.ts';
import { registerDirectoryConformance } from './register-directory-conformance.ts';

registerDirectoryConformance({
  name: 'The in-memory Active Directory',
  kind: 'activeDirectory',
  capabilities: activeDirectoryCapabilities,
  start: (people) => startInMemoryDirectory({ manner: 'activeDirectory', people }),
});

registerDirectoryConformance({
  name: 'The in-memory OpenLDAP',
  kind: 'openLdap',
  capabilities: openLdapCapabilities,
  start: (people) => startInMemoryDirectory({ manner: 'openLdap', people }),
});
