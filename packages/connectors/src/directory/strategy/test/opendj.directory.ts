import { startOpenDj, whyNoOpenDj } from '@sallyport/testkit';
import { describe, it } from 'vitest';
import { changelogCaughtUp } from '../../test/changelog-caught-up.ts';
import { registerChangelogChoice } from './register-changelog-choice.ts';
import { registerMemberDeltaSuite } from './register-member-delta-suite.ts';

const reason = whyNoOpenDj();
if (reason === undefined) {
  registerMemberDeltaSuite({
    name: 'OpenDJ',
    kind: 'standard',
    strategy: 'changelog',
    start: () => startOpenDj(),
    bigGroup: 5_000,
    caughtUp: changelogCaughtUp,
  });
  registerChangelogChoice('OpenDJ', () => startOpenDj());
} else describe.skip(`members value by value on OpenDJ (not here: ${reason})`, () => it.skip('all cases'));
