// Builds the console into dist/console, which the server serves at `/`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');

/** Takes about two seconds. Throws with the builder's output on standard error if it fails. */
export async function buildConsole(): Promise<void> {
  const vite = spawn(
    process.execPath,
    [`${root}/node_modules/vite/bin/vite.js`, 'build', '--logLevel', 'warn'],
    {
      cwd: `${root}/apps/console`,
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  await once(vite, 'exit');
  if (vite.exitCode !== 0)
    throw new Error(`the console could not be built: vite ended with ${vite.exitCode}`);
}
