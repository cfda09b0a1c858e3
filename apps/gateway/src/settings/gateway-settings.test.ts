import { inspect } from 'node:util';
import { OptionProblems } from '@sallyport/runtime';
import { describe, expect, it } from 'vitest';
import { readProxy } from '../tunnel/forward-proxy.ts';
import { type GatewaySettings, readSettings } from './gateway-settings.ts';

const good = {
  SALLYPORT_SERVER_URL: 'https://sallyport.example',
  SALLYPORT_GATEWAY_CREDENTIAL: 'aaa.bbb.ccc',
};

function read(environment: Record<string, string>, files: Record<string, string> = {}): GatewaySettings {
  const settings = readSettings({
    argv: [],
    environment,
    readFile: (path) => {
      const text = files[path];
      if (text === undefined) throw new Error('no such file');
      return text;
    },
  });
  if (settings === 'help') throw new Error('settings expected');
  return settings;
}

function problemsOf(environment: Record<string, string>, files: Record<string, string> = {}): string {
  try {
    read(environment, files);
  } catch (error) {
    if (error instanceof OptionProblems) return error.problems.join('\n');
    throw error;
  }
  return '';
}

describe('settings', () => {
  it('turn any address of a server into that of its endpoint', () => {
    const endpoint = (url: string): string => read({ ...good, SALLYPORT_SERVER_URL: url }).url.href;
    expect(endpoint('https://sallyport.example')).toBe('wss://sallyport.example/gateway');
    expect(endpoint('https://sallyport.example:8443/base/')).toBe(
      'wss://sallyport.example:8443/base/gateway',
    );
    expect(endpoint('wss://sallyport.example/gateway')).toBe('wss://sallyport.example/gateway');
    expect(endpoint('http://127.0.0.1:8080')).toBe('ws://127.0.0.1:8080/gateway');
    expect(endpoint('http://[::1]:8080')).toBe('ws://[::1]:8080/gateway');
  });

  it('refuse an address without TLS, unless it is on loopback or expressly allowed', () => {
    const url = { ...good, SALLYPORT_SERVER_URL: 'http://127.0.0.1.evil.example' };
    expect(problemsOf(url)).toContain('has no TLS');
    expect(problemsOf({ ...url, SALLYPORT_ALLOW_INSECURE_SERVER: 'true' })).toBe('');
  });

  it('name everything that is wrong at once and show no secret', () => {
    const problems = problemsOf(
      {
        SALLYPORT_SERVER_URL: 'https://user:pw@sallyport.example',
        SALLYPORT_GATEWAY_CREDENTIAL: 'hunter2',
        SALLYPORT_GATEWAY_LIMITS: 'limits.json',
        SALLYPORT_CA_FILE: 'ca.pem',
      },
      { 'limits.json': '{"readOnly":1}', 'ca.pem': 'nothing' },
    );
    expect(problems).toMatch(/without user.*\n.*not a JWT.*\nlimits.json: readOnly.*\n.*no PEM/);
    expect(problems).not.toContain('hunter2');
    expect(problemsOf({})).toMatch(/SERVER_URL is missing.*\n.*CREDENTIAL is missing/);
    expect(problemsOf({ ...good, SALLYPORT_GATEWAY_CREDENTIAL_FILE: 'x' })).toMatch(
      /both given.*\n.*cannot be read/,
    );
  });

  it('read the credential from a file and print it nowhere', () => {
    const settings = read(
      {
        SALLYPORT_SERVER_URL: 'https://s.example',
        SALLYPORT_GATEWAY_CREDENTIAL_FILE: 'cred',
        https_proxy: 'http://u:secret@p:1',
      },
      { cred: 'aaa.bbb.ccc\n' },
    );
    expect(settings.credential()).toBe('aaa.bbb.ccc');
    expect(`${inspect(settings, { depth: 9 })}${JSON.stringify(settings)}`).not.toMatch(/aaa\.bbb|secret/);
    expect(settings.proxy).toMatchObject({ host: 'p', port: 1 });
  });
});

it('asks the proxy unless NO_PROXY names the server', () => {
  const proxyUrl = new URL('http://proxy.example:3128');
  const uses = (noProxy: string, target: string): boolean =>
    readProxy(proxyUrl, noProxy, new URL(target)) !== undefined;
  const target = 'wss://sallyport.corp.example/gateway';
  for (const noProxy of ['', 'orp.example', 'other.example,', 'sallyport.corp.example:8443']) {
    expect(uses(noProxy, target), noProxy).toBe(true);
  }
  for (const noProxy of [
    '*',
    'corp.example',
    '.corp.example',
    '*.CORP.example',
    'x, sallyport.corp.example:443',
  ]) {
    expect(uses(noProxy, target), noProxy).toBe(false);
  }
  expect(uses('[::1]:8443', 'wss://[::1]:8443/gateway')).toBe(false);
  expect(uses('::1', 'wss://[::1]:8443/gateway')).toBe(false);
});
