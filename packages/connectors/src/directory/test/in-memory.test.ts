import { startInMemoryDirectory } from '@sallyport/testkit';
import { registerSourceSuite } from './register-source-suite.ts';

for (const strategy of ['dirsync', 'usn'] as const)
  registerSourceSuite({
    name: 'the in-memory directory, AD manner',
    kind: 'activeDirectory',
    strategy,
    start: () => startInMemoryDirectory({ manner: 'activeDirectory' }),
  });
for (const strategy of ['syncrepl', 'timestamp'] as const)
  registerSourceSuite({
    name: 'the in-memory directory, OpenLDAP manner',
    kind: 'standard',
    strategy,
    start: () => startInMemoryDirectory({ manner: 'openLdap' }),
  });
for (const strategy of ['changelog', 'timestamp'] as const)
  registerSourceSuite({
    name: 'the in-memory directory, PingDirectory manner',
    kind: 'standard',
    strategy,
    start: () => startInMemoryDirectory({ manner: 'pingDirectory' }),
  });
