// Bundles the programs into dist/, one file each, for Node 24: what is installed and what the scenarios run.

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '..');
const programs = ['server', 'gateway', 'cli'].filter((name) =>
  existsSync(`${root}/apps/${name}/src/main.ts`),
);

await Promise.all(
  programs.map((name) =>
    build({
      entryPoints: [`${root}/apps/${name}/src/main.ts`],
      outfile: `${root}/dist/${name === 'cli' ? 'sallyport' : `sallyport-${name}`}.mjs`,
      bundle: true,
      platform: 'node',
      target: 'node24',
      format: 'esm',
      sourcemap: 'linked',
      legalComments: 'linked',
      loader: { '.sql': 'text', '.html': 'text' },
      // Bundled CommonJS packages still call require for Node's own modules.
      banner: {
        js: "#!/usr/bin/env node\nimport { createRequire as __makeRequire } from 'node:module'; const require = __makeRequire(import.meta.url);",
      },
      logLevel: 'warning',
    }),
  ),
);
console.log(`built ${programs.join(', ')} into dist/`);
