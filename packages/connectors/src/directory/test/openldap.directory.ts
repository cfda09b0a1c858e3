import { startOpenLdap } from '@sallyport/testkit';
import { registerSourceSuite } from './register-source-suite.ts';

for (const strategy of ['syncrepl', 'timestamp'] as const)
  registerSourceSuite({
    name: 'OpenLDAP',
    kind: 'standard',
    strategy,
    keepsReferences: true,
    start: () => startOpenLdap(),
  });
