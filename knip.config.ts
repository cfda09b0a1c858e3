import type { KnipConfig } from 'knip';

const config: KnipConfig = {
  ignoreExportsUsedInFile: true,
  workspaces: {
    '.': { entry: ['scripts/**/*.ts', 'vitest.config.ts'], project: ['scripts/**/*.ts'] },
    'apps/server': { entry: ['src/main.ts'] },
    'apps/gateway': { entry: ['src/main.ts'] },
    'apps/cli': { entry: ['src/main.ts'] },
    'apps/console': { entry: ['src/main.tsx', 'vite.config.ts', 'index.html'] },
    'packages/*': { entry: ['src/index.ts', 'src/**/*.{test,directory}.ts'] },
    scenarios: { entry: ['**/*.scenario.ts'] },
    bench: { entry: ['src/*.ts'] },
  },
};

export default config;
