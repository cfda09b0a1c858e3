import { OptionProblems, readOptions } from '@sallyport/runtime';
import { describe, expect, it } from 'vitest';
import { assertOptions, publicUrlOf } from './listen-address.ts';
import { SERVER_OPTIONS, type ServerOptions } from './server-options.ts';

function options(environment: Record<string, string>): ServerOptions {
  const reading = readOptions(SERVER_OPTIONS, { argv: [], environment, readFile: () => '' });
  if (reading.kind === 'help') throw new TypeError('No help was asked for');
  return reading.values;
}

function problems(environment: Record<string, string>): readonly string[] {
  try {
    assertOptions(options(environment));
    return [];
  } catch (error) {
    if (error instanceof OptionProblems) return error.problems;
    throw error;
  }
}

describe('the address to listen on', () => {
  it('may be public only with TLS, or behind a proxy that terminates it', () => {
    const tls = { SALLYPORT_TLS_CERT: 'c.pem', SALLYPORT_TLS_KEY: 'k.pem' };
    for (const host of ['127.0.0.1', '127.9.9.9', 'localhost', '::1'])
      expect(problems({ SALLYPORT_HOST: host }), host).toEqual([]);
    for (const host of ['0.0.0.0', '::', '192.0.2.7', 'idp.corp.example', '127.0.0.1.corp.example']) {
      expect(problems({ SALLYPORT_HOST: host })[0], host).toContain('there is no TLS');
      expect(problems({ SALLYPORT_HOST: host, SALLYPORT_BEHIND_PROXY: 'true' }), host).toEqual([]);
      expect(problems({ SALLYPORT_HOST: host, ...tls }), host).toEqual([]);
    }
    expect(problems({ SALLYPORT_TLS_CERT: 'c.pem', SALLYPORT_HOST: '0.0.0.0' })).toHaveLength(2);
  });

  it('gives the public address, unless that is told', () => {
    expect(publicUrlOf(options({}), 1234)).toBe('http://127.0.0.1:1234');
    expect(
      publicUrlOf(options({ SALLYPORT_HOST: '::1', SALLYPORT_TLS_CERT: 'c', SALLYPORT_TLS_KEY: 'k' }), 443),
    ).toBe('https://[::1]:443');
    expect(publicUrlOf(options({ SALLYPORT_PUBLIC_URL: 'https://id.corp.example/' }), 1)).toBe(
      'https://id.corp.example',
    );
    expect(problems({ SALLYPORT_PUBLIC_URL: 'https://id.corp.example/sallyport' })[0]).toContain(
      'without a path',
    );
  });

  it('takes no weak or unreadable bootstrap values', () => {
    expect(() => options({ SALLYPORT_BOOTSTRAP_CLIENT_SECRET: 'short' })).toThrow(
      'it is secret and not shown',
    );
    expect(() => options({ SALLYPORT_BOOTSTRAP_CLIENT_ID: 'admin' })).toThrow('expected a UUID');
  });
});
