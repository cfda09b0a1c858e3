import { startSamba } from '@sallyport/testkit';
import { registerSourceSuite } from './register-source-suite.ts';

for (const strategy of ['dirsync', 'usn'] as const)
  registerSourceSuite({ name: 'Samba AD', kind: 'activeDirectory', strategy, start: () => startSamba() });
