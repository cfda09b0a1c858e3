import { startDs389 } from '@sallyport/testkit';
import { registerSourceSuite } from './register-source-suite.ts';

for (const strategy of ['changelog', 'timestamp'] as const)
  registerSourceSuite({
    name: '389 Directory Server',
    kind: 'standard',
    strategy,
    start: () => startDs389(),
  });
