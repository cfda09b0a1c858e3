import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { OptionProblems } from '@sallyport/runtime';
import type { ServerOptions } from './server-options.ts';

export interface TlsFiles {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Certificate chain and key, tried together; undefined if none are given. Throws OptionProblems, every problem at once. */
export function readTlsFiles({
  tlsCertificate,
  tlsKey,
}: Pick<ServerOptions, 'tlsCertificate' | 'tlsKey'>): TlsFiles | undefined {
  if (tlsCertificate === undefined || tlsKey === undefined) return undefined;
  const problems: string[] = [];
  const read = (variable: string, path: string): Buffer => {
    try {
      return readFileSync(path);
    } catch (error) {
      problems.push(`${variable}: ${messageOf(error)}`);
      return Buffer.alloc(0);
    }
  };
  const cert = read('SALLYPORT_TLS_CERT', tlsCertificate);
  const key = read('SALLYPORT_TLS_KEY', tlsKey);
  const attempt = (variable: string, path: string, parts: Partial<TlsFiles>, expected: string): void => {
    if (problems.length > 0) return;
    try {
      createSecureContext(parts);
    } catch (error) {
      problems.push(`${variable}: ${path} ${expected} (${messageOf(error)})`);
    }
  };
  attempt('SALLYPORT_TLS_CERT', tlsCertificate, { cert }, 'holds no certificate in PEM');
  attempt('SALLYPORT_TLS_KEY', tlsKey, { key }, 'holds no unencrypted private key in PEM');
  attempt(
    'SALLYPORT_TLS_KEY',
    tlsKey,
    { cert, key },
    `is not the key of the certificate in ${tlsCertificate}`,
  );
  if (problems.length > 0) throw new OptionProblems(problems);
  return { cert, key };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
