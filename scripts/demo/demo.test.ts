import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { freePort } from '@sallyport/testkit';
import { expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');

it('npm run demo brings people, groups and memberships, and then every kind of change', {
  timeout: 120_000,
}, async () => {
  const options = ['--once', '--people', '80', '--port', String(await freePort())];
  const demo = spawn(process.execPath, [join(ROOT, 'scripts/demo.ts'), ...options], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [demo.stdout, demo.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  await once(demo, 'close');
  expect(demo.exitCode, output).toBe(0);
  // One in twenty is disabled and not made; each of the others is in a team, a department and the group of everybody.
  expect(output).toContain('In the identity store now: 76 people, 15 groups, 228 memberships.');
  const changes = output.split('\n').filter((line) => /^\s*[\d.]+ m?s {2}/.test(line));
  for (const what of [
    / is now called /,
    / joins Team 00002$/,
    / is taken out of Team 00001$/,
    /Team 00001 is now called /,
    / leaves the company$/,
  ])
    expect(
      changes.some((line) => what.test(line)),
      `${what} in\n${output}`,
    ).toBe(true);
});
