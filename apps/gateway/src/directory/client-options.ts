import type { GatewayLdapConfiguration } from '@sallyport/contract';
import type { LdapClientEvent, LdapClientOptions, LdapServerAddress } from '@sallyport/ldap';

/** Longest entry read from the directory: what is longer could not be kept in a gateway's memory. */
const MAX_MESSAGE_BYTES = 48 * 1024 * 1024;

/** The pushed configuration as the client's options. */
export function toClientOptions(
  configuration: GatewayLdapConfiguration,
  onEvent: (event: LdapClientEvent) => void,
): LdapClientOptions {
  const { security, bindDn, bindPassword, connectTimeoutMs, operationTimeoutMs, caCertificates } =
    configuration;
  return {
    servers: configuration.servers.map(toServer),
    security: security === 'tls' ? 'ldaps' : security,
    tls: {
      allowUntrusted: !configuration.validateCertificates,
      ...(caCertificates === undefined ? {} : { ca: caCertificates }),
    },
    ...(bindDn === '' ? {} : { bind: { dn: bindDn, password: () => bindPassword } }),
    ...(connectTimeoutMs === undefined ? {} : { connectTimeoutMs }),
    ...(operationTimeoutMs === undefined ? {} : { operationTimeoutMs }),
    maxMessageBytes: MAX_MESSAGE_BYTES,
    onEvent,
  };
}

function toServer(address: string): LdapServerAddress {
  const colon = address.lastIndexOf(':');
  const host = address.slice(0, colon).replace(/^\[(.*)\]$/, '$1');
  return { host, port: Number(address.slice(colon + 1)) };
}
