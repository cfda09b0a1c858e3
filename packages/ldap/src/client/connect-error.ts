import { type LdapError, makeClientError } from '../result/ldap-error.ts';

/** Where a connection attempt stood when it failed. */
export type ConnectStage = 'tcp' | 'tls' | 'startTls' | 'bind';

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'EHOSTDOWN',
  'ETIMEDOUT',
  'EADDRNOTAVAIL',
  'EACCES',
  'EPERM',
]);

/** OpenSSL's verification results and Node's name check, with what to do about each. */
const UNTRUSTED: ReadonlyMap<string, string> = new Map([
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'it is self-signed: add it to the trusted CA certificates'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'its root is not trusted: add the root to the trusted CA certificates'],
  ['UNABLE_TO_GET_ISSUER_CERT', 'its issuer is not known: add the issuing CA to the trusted CA certificates'],
  [
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'its issuer is not known: add the issuing CA to the trusted CA certificates',
  ],
  [
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'its issuer is not known: add the issuing CA to the trusted CA certificates',
  ],
  ['CERT_UNTRUSTED', 'its issuer is not trusted: add the issuing CA to the trusted CA certificates'],
  ['CERT_HAS_EXPIRED', 'it has expired: renew it on the server'],
  ['CERT_NOT_YET_VALID', 'it is not valid yet: compare the clocks'],
  ['CERT_REVOKED', 'it is revoked'],
  ['CERT_CHAIN_TOO_LONG', 'its chain is too long'],
  ['CERT_SIGNATURE_FAILURE', 'its signature is wrong'],
  ['INVALID_CA', 'its issuer may not issue certificates'],
  ['INVALID_PURPOSE', 'it is not meant for servers'],
  ['HOSTNAME_MISMATCH', 'it is for another name: dial that name or set the server name to verify'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'it is for another name: dial that name or set the server name to verify'],
]);

/** Turns what Node reports about a socket that could not be set up into a typed error that says what to do. */
export function makeConnectError(error: unknown, stage: ConnectStage, server: string): LdapError {
  const code = errorCode(error);
  const details = { cause: error, server };
  if (code.startsWith('EAI_') || code === 'ENOTFOUND') {
    return makeClientError(
      'LDAP_HOST_UNKNOWN',
      `the name of ${server} does not resolve (${code}): check it and the DNS`,
      details,
    );
  }
  const distrust = UNTRUSTED.get(code);
  if (distrust !== undefined) {
    return makeClientError(
      'LDAP_TLS_UNTRUSTED',
      `the certificate of ${server} is not trusted: ${distrust} (${code})`,
      details,
    );
  }
  if (UNREACHABLE.has(code)) {
    return makeClientError(
      'LDAP_HOST_UNREACHABLE',
      `${server} cannot be reached (${code}): check address, port and firewall`,
      details,
    );
  }
  if (stage === 'tls') {
    return makeClientError(
      'LDAP_TLS_FAILED',
      `${server} and this client could not agree on TLS (${code || describe(error)}): does the port speak TLS?`,
      details,
    );
  }
  return makeClientError(
    'LDAP_CONNECTION_LOST',
    `the connection to ${server} broke (${code || describe(error)})`,
    details,
  );
}

function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  // Several addresses were tried: the first one's reason stands for all.
  return error instanceof AggregateError ? errorCode(error.errors[0]) : '';
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
