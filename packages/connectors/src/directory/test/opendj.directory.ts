import { startOpenDj, whyNoOpenDj } from '@sallyport/testkit';
import { describe, it } from 'vitest';
import { changelogCaughtUp } from './changelog-caught-up.ts';
import { registerSourceSuite } from './register-source-suite.ts';

const reason = whyNoOpenDj();
if (reason === undefined)
  for (const strategy of ['changelog', 'timestamp'] as const)
    registerSourceSuite({
      name: 'OpenDJ',
      kind: 'standard',
      strategy,
      start: () => startOpenDj(),
      ...(strategy === 'changelog' ? { caughtUp: changelogCaughtUp } : {}),
    });
else describe.skip(`directory source on OpenDJ (not here: ${reason})`, () => it.skip('all cases'));
