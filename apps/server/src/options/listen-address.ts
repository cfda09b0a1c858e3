import { isIP } from 'node:net';
import { OptionProblems } from '@sallyport/runtime';
import type { ServerOptions } from './server-options.ts';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1|::ffff:127(\.\d{1,3}){3})$/i;

export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}

/** Options that do not fit together; every problem at once. Passwords and tokens must not cross a network in the clear. */
export function assertOptions(options: ServerOptions): void {
  const problems: string[] = [];
  const hasTls = options.tlsCertificate !== undefined && options.tlsKey !== undefined;
  if ((options.tlsCertificate === undefined) !== (options.tlsKey === undefined))
    problems.push('SALLYPORT_TLS_CERT and SALLYPORT_TLS_KEY are given together or not at all');
  if (!isLoopback(options.host) && !hasTls && !options.behindProxy)
    problems.push(
      `SALLYPORT_HOST ${options.host} can be reached from outside, and there is no TLS: give SALLYPORT_TLS_CERT and SALLYPORT_TLS_KEY, or set SALLYPORT_BEHIND_PROXY=true if a proxy in front terminates TLS`,
    );
  const { publicUrl } = options;
  if (
    publicUrl !== undefined &&
    (publicUrl.pathname !== '/' || publicUrl.search !== '' || publicUrl.hash !== '')
  )
    problems.push('SALLYPORT_PUBLIC_URL must be scheme, host and port alone, without a path');
  if (problems.length > 0) throw new OptionProblems(problems);
}

/** Where clients reach the server: as told, or as it listens. Never ends with a slash. */
export function publicUrlOf(options: ServerOptions, port: number): string {
  if (options.publicUrl !== undefined) return options.publicUrl.origin;
  const scheme = options.tlsCertificate === undefined ? 'http' : 'https';
  const host = isIP(options.host) === 6 ? `[${options.host}]` : options.host;
  return `${scheme}://${host}:${port}`;
}
