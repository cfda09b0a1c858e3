import { startSamba } from '../servers/samba.ts';
import { sambaCapabilities } from './capabilities.ts';
import { registerDirectoryConformance } from './register-directory-conformance.ts';
import { withPeopleFile } from './with-people.ts';

registerDirectoryConformance({
  name: 'Samba',
  kind: 'activeDirectory',
  capabilities: sambaCapabilities,
  start: (people) => withPeopleFile('activeDirectory', people, (ldif) => startSamba({ ldif })),
});
