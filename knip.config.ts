import type { KnipConfig } from 'knip';

const config: KnipConfig = {
  ignoreExportsUsedInFile: true,
  // Debian's programs, which the set-up script installs.
  ignoreBinaries: ['ldapsearch', 'ldapmodify', 'dpkg'],
  workspaces: {
    '.': { entry: ['scripts/**/*.ts'], project: ['scripts/**/*.ts'] },
    'packages/*': { entry: ['src/**/*.{test,directory}.ts'] },
    scenarios: { entry: ['**/*.scenario.ts'] },
    bench: { entry: ['src/*.ts'] },
  },
};

export default config;
