import { usageError } from '../fault/cli-error.ts';

/** The address of a server as given by the operator. Throws CliError USAGE. */
export function parseServerUrl(text: string, allowPlainHttp: boolean): string {
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  const url = URL.canParse(withScheme) ? new URL(withScheme) : undefined;
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    throw usageError(
      `${JSON.stringify(text)} is not the address of a server.`,
      'Expected something like https://sallyport.example.com or http://127.0.0.1:8080.',
    );
  if (url.protocol === 'http:' && !isLoopback(url.hostname) && !allowPlainHttp)
    throw usageError(
      `${url.origin} is not encrypted: the client secret would travel readable by everybody on the way.`,
      'Use https://, or say --allow-plain-http if you know the way is safe.',
    );
  return url.origin;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127\./.test(host);
}
