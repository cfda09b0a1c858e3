/** A forward proxy that is asked with CONNECT. */
export interface ForwardProxy {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  /** Value of Proxy-Authorization (Basic, RFC 7617); a function, so that no log can print it. */
  readonly authorization: (() => string) | undefined;
}

/** The proxy to use for `target`; undefined if none is set or the target is excepted by `noProxy`. */
export function readProxy(
  proxyUrl: URL | undefined,
  noProxy: string | undefined,
  target: URL,
): ForwardProxy | undefined {
  if (proxyUrl === undefined || isExcepted(noProxy ?? '', target)) return undefined;
  const secure = proxyUrl.protocol === 'https:';
  const { username, password } = proxyUrl;
  const basic =
    username === '' && password === ''
      ? undefined
      : Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`, 'utf8').toString(
          'base64',
        );
  return {
    secure,
    host: bareHost(proxyUrl),
    port: proxyUrl.port === '' ? (secure ? 443 : 80) : Number(proxyUrl.port),
    authorization: basic === undefined ? undefined : () => `Basic ${basic}`,
  };
}

/** A URL's host without the brackets of an IPv6 address. */
export function bareHost(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1');
}

/** A URL's port, the scheme's own if it names none. */
export function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'wss:' || url.protocol === 'https:' ? 443 : 80;
}

/** The custom of curl and others: names match themselves and what ends with `.name`; `*` matches all. */
function isExcepted(noProxy: string, target: URL): boolean {
  const host = bareHost(target).toLowerCase();
  const port = String(portOf(target));
  return noProxy
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') return true;
      const { name, port: entryPort } = splitEntry(entry.toLowerCase());
      if (entryPort !== undefined && entryPort !== port) return false;
      const bare = name.replace(/^\*?\./, '');
      return bare !== '' && (host === bare || host.endsWith(`.${bare}`));
    });
}

/** `name`, `name:port`, `[address]`, `[address]:port`, or a bare IPv6 address, which has colons of its own. */
function splitEntry(entry: string): { readonly name: string; readonly port: string | undefined } {
  const [, bracketed, bracketedPort] = /^\[([^\]]*)\](?::(\d+))?$/.exec(entry) ?? [];
  if (bracketed !== undefined) return { name: bracketed, port: bracketedPort };
  const [, name, port] = /^([^:]*):(\d+)$/.exec(entry) ?? [];
  return name === undefined ? { name: entry, port: undefined } : { name, port };
}
