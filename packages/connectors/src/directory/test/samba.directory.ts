import { startSamba } from '@sallyport/testkit';
import { registerSourceSuite } from './register-source-suite.ts';

registerSourceSuite({
  name: 'Samba AD',
  kind: 'activeDirectory',
  strategy: 'usn',
  start: () => startSamba(),
});
