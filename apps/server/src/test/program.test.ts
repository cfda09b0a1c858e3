import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { testCertificates } from '@sallyport/testkit';
import { afterAll, describe, expect, it } from 'vitest';

const PROGRAM = fileURLToPath(new URL('../main.ts', import.meta.url));
const SECRET = 'a secret of the operator';
const ids = { environmentId: crypto.randomUUID(), clientId: crypto.randomUUID() };

const folder = mkdtempSync(join(tmpdir(), 'sallyport-program-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Program {
  readonly process: ChildProcess;
  readonly output: () => string;
  readonly exited: Promise<number | null>;
}

/** The program as an operator starts it, with the mask that most systems have. */
function startProgram(environment: Record<string, string>): Program {
  const variables = {
    SALLYPORT_PORT: '0',
    DATABASE_URL: `sqlite:${join(folder, 'people.db')}`,
    SALLYPORT_SECRET_KEY_FILE: join(folder, 'secret.key'),
    SALLYPORT_LOG_FORMAT: 'json',
    SALLYPORT_LOG_LEVEL: 'trace',
    ...environment,
  };
  const child = spawn('/bin/sh', ['-c', 'umask 022; exec "$0" "$1"', process.execPath, PROGRAM], {
    env: { PATH: process.env.PATH, ...variables },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (bytes: Buffer) => {
      output += bytes.toString('utf8');
    });
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  return { process: child, output: () => output, exited };
}

async function addressOf({ output, exited }: Program): Promise<string> {
  let ended = false;
  void exited.then(() => {
    ended = true;
  });
  for (;;) {
    const [, address] = /"address":"([^"]+)"/.exec(output()) ?? [];
    if (address !== undefined) return address;
    if (ended) throw new Error(`The server ended: ${output()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Status of `/healthz`, or the code of the failure to get there. */
function probe(address: string, tls: { ca?: Buffer; maxVersion?: 'TLSv1.1' | 'TLSv1.2' }): Promise<string> {
  return new Promise((resolve) => {
    const sent = request(
      `${address}/healthz`,
      { agent: false, ...tls, ...(tls.maxVersion === undefined ? {} : { minVersion: 'TLSv1' }) },
      (response) => {
        response.resume();
        resolve(`${response.statusCode} ${response.headers['strict-transport-security'] ?? 'no HSTS'}`);
      },
    );
    sent.on('error', (error: Error & { code?: string }) => resolve(error.code ?? error.message));
    sent.end();
  });
}

describe('the program with TLS', () => {
  it('speaks HTTPS alone, keeps its files to itself, and shows no secret', { timeout: 30_000 }, async () => {
    const program = startProgram({
      SALLYPORT_TLS_CERT: testCertificates.serverFile,
      SALLYPORT_TLS_KEY: testCertificates.keyFile,
      SALLYPORT_BOOTSTRAP_ENVIRONMENT_ID: ids.environmentId,
      SALLYPORT_BOOTSTRAP_CLIENT_ID: ids.clientId,
      SALLYPORT_BOOTSTRAP_CLIENT_SECRET: SECRET,
    });
    try {
      const address = await addressOf(program);
      expect(address).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
      const ca = readFileSync(testCertificates.caFile);
      expect(await probe(address, { ca })).toBe('200 max-age=31536000');
      expect(await probe(address, { ca, maxVersion: 'TLSv1.2' })).toBe('200 max-age=31536000');
      expect(await probe(address, { ca, maxVersion: 'TLSv1.1' })).not.toMatch(/^200/);
      expect(await probe(address, {})).toMatch(/^(UNABLE_TO|SELF_SIGNED)/);
      expect(await probe(address, { ca: readFileSync(testCertificates.otherCaFile) })).not.toMatch(/^200/);
      await expect(fetch(`${address.replace('https', 'http')}/healthz`)).rejects.toThrow();
      for (const name of readdirSync(folder))
        expect([name, (statSync(join(folder, name)).mode & 0o777).toString(8)]).toEqual([name, '600']);
      expect(readdirSync(folder)).toEqual(expect.arrayContaining(['people.db', 'secret.key']));
    } finally {
      program.process.kill('SIGTERM');
    }
    expect(await program.exited).toBe(0);
    expect(program.output()).toContain('(as given)');
    expect(program.output()).not.toContain(SECRET);
  });

  it('says which file cannot be used, and makes nothing', { timeout: 30_000 }, async () => {
    const { serverFile, otherCaFile, keyFile } = testCertificates;
    const files = {
      SALLYPORT_SECRET_KEY_FILE: join(folder, 'never', 'secret.key'),
      DATABASE_URL: `sqlite:${join(folder, 'never', 'people.db')}`,
    };
    const cases = [
      [join(folder, 'nothing.pem'), keyFile, 'SALLYPORT_TLS_CERT: ENOENT'],
      [keyFile, keyFile, 'holds no certificate in PEM'],
      [serverFile, serverFile, 'holds no unencrypted private key in PEM'],
      [otherCaFile, keyFile, 'is not the key of the certificate'],
    ] as const;
    for (const [cert, key, expected] of cases) {
      const program = startProgram({ ...files, SALLYPORT_TLS_CERT: cert, SALLYPORT_TLS_KEY: key });
      expect([await program.exited, program.output()]).toEqual([2, expect.stringContaining(expected)]);
      expect(program.output()).not.toContain('    at ');
    }
    expect(readdirSync(folder)).not.toContain('never');
  });
});

it('the program without TLS refuses an address that others can reach', { timeout: 30_000 }, async () => {
  const program = startProgram({ SALLYPORT_HOST: '0.0.0.0' });
  expect([await program.exited, program.output()]).toEqual([2, expect.stringContaining('there is no TLS')]);
});
