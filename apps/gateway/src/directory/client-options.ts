import type { GatewayLdapConfiguration } from '@sallyport/contract';
import type { LdapClientEvent, LdapClientOptions, LdapServerAddress } from '@sallyport/ldap';

/** Longest entry read from the directory: what is longer could not be kept in a gateway's memory. */
const MAX_MESSAGE_BYTES = 48 * 1024 * 1024;

/** The pushed configuration as the client's options. */
export function toClientOptions(
  configuration: GatewayLdapConfiguration,
  /** PEM certificates of the agent's own CA file, trusted beside the system's and the pushed ones. */
  extraCa: string | undefined,
  onEvent: (event: LdapClientEvent) => void,
): LdapClientOptions {
  const { security, bindDn, bindPassword, connectTimeoutMs, operationTimeoutMs, caCertificates } =
    configuration;
  const ca = [...(caCertificates ?? []), ...(extraCa === undefined ? [] : [extraCa])];
  return {
    servers: configuration.servers.map(toServer),
    security: security === 'tls' ? 'ldaps' : security,
    tls: {
      allowUntrusted: !configuration.validateCertificates,
      ...(ca.length === 0 ? {} : { ca }),
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
