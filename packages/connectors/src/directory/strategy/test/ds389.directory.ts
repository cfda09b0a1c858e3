import { startDs389 } from '@sallyport/testkit';
import { registerChangelogChoice } from './register-changelog-choice.ts';
import { registerMemberDeltaSuite } from './register-member-delta-suite.ts';

registerMemberDeltaSuite({
  name: '389 Directory Server',
  kind: 'standard',
  strategy: 'changelog',
  start: () => startDs389(),
  bigGroup: 5_000,
});
registerChangelogChoice('389 Directory Server', () => startDs389());
