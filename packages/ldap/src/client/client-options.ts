import type { LdapError } from '../result/ldap-error.ts';

/** How the bytes are protected: TLS from the first octet, TLS after StartTLS, or not at all. */
export type LdapSecurity = 'ldaps' | 'startTls' | 'none';

export interface LdapServerAddress {
  readonly host: string;
  /** Default 636 for LDAPS, else 389. */
  readonly port?: number;
}

export interface ClientTls {
  /** Certificates (PEM) trusted besides the system's. */
  readonly ca?: string | Buffer | readonly (string | Buffer)[];
  /** The name that the certificate must carry, if it is not the host that is dialled. */
  readonly servername?: string;
  /** True takes any certificate: an attacker in between then reads every password. Default false. */
  readonly allowUntrusted?: boolean;
  /** Client certificate and key (PEM), if the server asks for one. */
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
}

export interface BindAccount {
  /** A DN, or what the server takes for one (`user@domain`, `DOMAIN\user` with Active Directory). */
  readonly dn: string;
  /** A function is asked at every bind, so that the secret need not lie about in clear text. */
  readonly password: string | (() => string);
}

export type LdapClientEvent =
  | { readonly kind: 'connected'; readonly server: string }
  | { readonly kind: 'connectFailed'; readonly server: string; readonly error: LdapError }
  | { readonly kind: 'disconnected'; readonly server: string; readonly error: LdapError }
  /** Another server answers from now on: after a failure, or back to the preferred one. */
  | { readonly kind: 'serverChanged'; readonly from: string; readonly to: string };

export interface LdapClientOptions {
  /** In order of preference; at least one. */
  readonly servers: readonly LdapServerAddress[];
  readonly security: LdapSecurity;
  readonly tls?: ClientTls;
  /** Absent = anonymous. */
  readonly bind?: BindAccount;
  /** For name resolution, TCP, TLS and bind together; default 10 s. */
  readonly connectTimeoutMs?: number;
  /** For the answer to one short operation; default 30 s. */
  readonly operationTimeoutMs?: number;
  /** Longest silence within a search that is being read; default 5 min. Does not apply to `watch`. */
  readonly searchSilenceMs?: number;
  /** Unused connections are closed after this; default 5 min (Active Directory closes them after 15). */
  readonly idleTimeoutMs?: number;
  /** Searches read at the same time; more wait. Default 8. `watch` does not count. */
  readonly maxStreams?: number;
  /** Longest message accepted; default 256 MiB, a group of several million members. */
  readonly maxMessageBytes?: number;
  /** How long the server may stay the second choice before the preferred one is tried again; default 60 s. */
  readonly failBackMs?: number;
  readonly onEvent?: (event: LdapClientEvent) => void;
}

/** The options with every default filled in. */
export interface ClientSettings {
  readonly servers: readonly Required<LdapServerAddress>[];
  readonly security: LdapSecurity;
  readonly tls: ClientTls;
  readonly bind: BindAccount | undefined;
  readonly connectTimeoutMs: number;
  readonly operationTimeoutMs: number;
  readonly searchSilenceMs: number;
  readonly idleTimeoutMs: number;
  readonly maxStreams: number;
  readonly maxMessageBytes: number;
  readonly failBackMs: number;
  readonly onEvent: (event: LdapClientEvent) => void;
}

export function makeClientSettings(options: LdapClientOptions): ClientSettings {
  if (options.servers.length === 0) throw new RangeError('at least one LDAP server is needed');
  const defaultPort = options.security === 'ldaps' ? 636 : 389;
  return {
    servers: options.servers.map(({ host, port }) => ({ host, port: port ?? defaultPort })),
    security: options.security,
    tls: options.tls ?? {},
    bind: options.bind,
    connectTimeoutMs: options.connectTimeoutMs ?? 10_000,
    operationTimeoutMs: options.operationTimeoutMs ?? 30_000,
    searchSilenceMs: options.searchSilenceMs ?? 300_000,
    idleTimeoutMs: options.idleTimeoutMs ?? 300_000,
    maxStreams: options.maxStreams ?? 8,
    maxMessageBytes: options.maxMessageBytes ?? 256 * 1024 * 1024,
    failBackMs: options.failBackMs ?? 60_000,
    onEvent: options.onEvent ?? (() => undefined),
  };
}

/** How a server is shown and compared, e.g. `dc1.corp.example:636`. */
export function serverName(server: Required<LdapServerAddress>): string {
  return server.host.includes(':') ? `[${server.host}]:${server.port}` : `${server.host}:${server.port}`;
}
