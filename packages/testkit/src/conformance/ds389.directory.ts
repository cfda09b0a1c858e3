import { startDs389 } from '../servers/ds389.ts';
import { ds389Capabilities } from './capabilities.ts';
import { registerDirectoryConformance } from './register-directory-conformance.ts';
import { withPeopleFile } from './with-people.ts';

registerDirectoryConformance({
  name: '389 Directory Server',
  kind: 'openLdap',
  capabilities: ds389Capabilities,
  syncKey: 'nsUniqueId',
  start: (people) =>
    withPeopleFile('openLdap', people, (ldif) => startDs389({ ldif, referentialIntegrity: true })),
});
