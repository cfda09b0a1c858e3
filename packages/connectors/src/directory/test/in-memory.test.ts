import { startInMemoryDirectory } from '@sallyport/testkit';
import { registerSourceSuite } from './register-source-suite.ts';

registerSourceSuite({
  name: 'the in-memory directory, AD manner',
  kind: 'activeDirectory',
  strategy: 'usn',
  start: () => startInMemoryDirectory({ manner: 'activeDirectory' }),
});
registerSourceSuite({
  name: 'the in-memory directory, OpenLDAP manner',
  kind: 'standard',
  strategy: 'syncrepl',
  start: () => startInMemoryDirectory({ manner: 'openLdap' }),
});
