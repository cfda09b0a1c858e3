// Bundles the programs into dist/, one file each, for Node 24, and the console beside them: what is installed and what the
// scenarios run.
import { resolve } from 'node:path';
import { build } from 'esbuild';
import { buildConsole } from './build-console.ts';

const root = resolve(import.meta.dirname, '..');

/**
 * `flags`: a small young generation. The long-running programs stream through short-lived objects; Node's default on a large
 * machine lets 200 MB of them lie before it looks.
 */
const programs = [
  { name: 'server', file: 'sallyport-server', flags: ' --max-semi-space-size=4' },
  { name: 'gateway', file: 'sallyport-gateway', flags: ' --max-semi-space-size=4' },
  { name: 'cli', file: 'sallyport', flags: '' },
] as const;

await Promise.all(
  programs.map(({ name, file, flags }) =>
    build({
      entryPoints: [`${root}/apps/${name}/src/main.ts`],
      outfile: `${root}/dist/${file}.mjs`,
      bundle: true,
      platform: 'node',
      target: 'node24',
      format: 'esm',
      // Names are kept: error messages and profiles stay readable. The source text stays in memory as long as the program.
      minifyWhitespace: true,
      minifySyntax: true,
      sourcemap: 'linked',
      legalComments: 'linked',
      // Bundled CommonJS packages still call require for Node's own modules.
      banner: {
        js: `#!/usr/bin/env -S node${flags}\nimport { createRequire as __makeRequire } from 'node:module'; const require = __makeRequire(import.meta.url);`,
      },
      logLevel: 'warning',
    }),
  ),
);

await buildConsole();
console.log(`built ${programs.map(({ file }) => file).join(', ')} and the console into dist/`);
