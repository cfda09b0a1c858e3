import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startInMemoryDirectory, startServer } from '@sallyport/testkit';
import { expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const HAS_CURL =
  spawnSync('curl', ['--version']).status === 0 && spawnSync('bash', ['--version']).status === 0;

/** What is typed in the terminal of the page; `console` blocks are shown only. */
function commandsOf(page: string): string {
  return [...page.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block).join('\n');
}

it.skipIf(!HAS_CURL)('docs/getting-started.md works as it stands', { timeout: 120_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-getting-started-'));
  const directory = await startInMemoryDirectory({
    people: 200,
    accounts: [{ name: 'svc-sallyport', password: 'Read-only.1', rights: { readDeleted: true } }],
  });
  const account = directory.accounts['svc-sallyport'];
  const server = await startServer({ folder, from: 'source' });
  try {
    const page = readFileSync(resolve(ROOT, 'docs/getting-started.md'), 'utf8')
      // The log goes into the repository's folder on the page, and beside the data here.
      .replace('> gateway.log', `> ${join(folder, 'gateway.log')}`);
    const end = `
      api "$E/propagation/rules/$RULE/status" > ${join(folder, 'status.json')}
      api "$E/users?limit=1" > ${join(folder, 'users.json')}
      api "$E/groups?filter=name%20eq%20%22Everyone%22" > ${join(folder, 'groups.json')}`;
    const bash = spawn('bash', ['-euo', 'pipefail', '-c', commandsOf(page) + end], {
      cwd: ROOT,
      env: {
        ...process.env,
        SERVER: server.url,
        ENVIRONMENT: server.environmentId,
        CLIENT_ID: server.clientId,
        CLIENT_SECRET: server.clientSecret,
        DIRECTORY: `${directory.host}:${directory.tlsPort}`,
        BIND_DN: account?.bindDn,
        BIND_PASSWORD: account?.bindPassword,
        BASE_DN: directory.baseDn,
        PEOPLE_OU: 'OU=People',
        GROUPS_OU: 'OU=Groups',
        DIRECTORY_CA: directory.caFile,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own: the agent it leaves in the background ends with it.
      detached: true,
    });
    let output = '';
    for (const stream of [bash.stdout, bash.stderr])
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
    await once(bash, 'exit');
    if (bash.pid !== undefined) process.kill(-bash.pid, 'SIGTERM');
    expect(bash.exitCode, output).toBe(0);
    const status: unknown = JSON.parse(readFileSync(join(folder, 'status.json'), 'utf8'));
    expect(status).toMatchObject({ state: 'ACTIVE', users: { failed: 0, conflict: 0 } });
    const users: unknown = JSON.parse(readFileSync(join(folder, 'users.json'), 'utf8'));
    expect(users).toMatchObject({ count: 190 });
    const groups: unknown = JSON.parse(readFileSync(join(folder, 'groups.json'), 'utf8'));
    expect(groups).toMatchObject({
      _embedded: { groups: [{ sourceType: 'GATEWAY', directMemberCounts: { users: 190 } }] },
    });
  } finally {
    await server.program.stop();
    await directory.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
