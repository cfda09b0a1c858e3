import { startInMemoryDirectory } from '@sallyport/testkit';
import { registerSourceSuite } from './register-source-suite.ts';

for (const strategy of ['dirsync', 'usn'] as const)
  registerSourceSuite({
    name: 'the in-memory directory, AD manner',
    kind: 'activeDirectory',
    strategy,
    start: () => startInMemoryDirectory({ manner: 'activeDirectory' }),
  });
registerSourceSuite({
  name: 'the in-memory directory, OpenLDAP manner',
  kind: 'standard',
  strategy: 'syncrepl',
  start: () => startInMemoryDirectory({ manner: 'openLdap' }),
});
