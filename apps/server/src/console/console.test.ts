import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify from 'fastify';
import { expect, it } from 'vitest';
import { readConsoleFiles } from './console-files.ts';
import { registerConsole } from './register-console.ts';

it('serves the console and the paths it makes up, and nothing beside it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-console-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html>first');
  writeFileSync(join(folder, 'assets', 'app-1a2b.js'), 'export {}');
  writeFileSync(join(folder, 'assets', 'app-1a2b.js.map'), '{}');
  const server = fastify();
  registerConsole(server, readConsoleFiles(folder));
  const get = (url: string, accept = 'text/html,*/*') =>
    server.inject({ method: 'GET', url, headers: { accept } });
  for (const url of ['/', '/rules/42?tab=runs']) {
    const page = await get(url);
    expect([page.statusCode, page.body, page.headers['cache-control']]).toEqual([
      200,
      '<!doctype html>first',
      'no-cache',
    ]);
    expect(page.headers['content-security-policy']).toContain("script-src 'self'");
  }
  expect((await get('/rules/42', 'application/json')).statusCode).not.toBe(200);
  const script = await get('/assets/app-1a2b.js');
  expect(script.headers['content-type']).toContain('text/javascript');
  expect(script.headers['cache-control']).toContain('immutable');
  for (const url of [
    '/assets/app-1a2b.js.map',
    '/assets/other.js',
    '/v1/nothing',
    '/x/as/nothing',
    '/../../etc/passwd',
    '/%2e%2e/secret.key',
  ])
    expect((await get(url)).body, url).not.toMatch(/root:|\{\}/);
  for (const url of ['/v1/nothing', '/x/as/nothing', '/assets/other.js', '/assets/app-1a2b.js.map'])
    expect((await get(url)).statusCode, url).not.toBe(200);
  await server.close();
  rmSync(folder, { recursive: true });
});
