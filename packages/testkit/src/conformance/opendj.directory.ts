import { startOpenDj } from '../servers/opendj.ts';
import { whyNoOpenDj } from '../servers/opendj-archive.ts';
import { openDjCapabilities } from './capabilities.ts';
import { registerDirectoryConformance } from './register-directory-conformance.ts';
import { withPeopleFile } from './with-people.ts';

registerDirectoryConformance({
  name: 'OpenDJ',
  kind: 'pingDirectory',
  capabilities: openDjCapabilities,
  memberOfAttribute: 'isMemberOf',
  unavailable: whyNoOpenDj(),
  start: (people) => withPeopleFile('pingDirectory', people, (ldif) => startOpenDj({ ldif })),
});
