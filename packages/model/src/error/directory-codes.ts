import { broken, type CatalogueEntry, outside } from './catalogue-entry.ts';

/**
 * Codes of directories and of the way to them. What a directory server itself refuses has the name of its result code
 * (RFC 4511 Appendix A) after `LDAP_`, such as LDAP_NO_SUCH_OBJECT; only those with advice of their own stand here.
 */
export const DIRECTORY_CODES = {
  GATEWAY_NOT_CONNECTED: outside(
    'No instance of the gateway is connected.',
    'Start a gateway instance with a credential of this gateway and look at its log.',
  ),
  GATEWAY_LINK_LOST: outside(
    'The gateway instance went away before it answered.',
    'Nothing: it reconnects by itself, and the work is done again.',
  ),
  GATEWAY_UNSUPPORTED_OPERATION: outside(
    'Every connected instance is too old for this.',
    'Update the gateway.',
  ),
  GATEWAY_PROTOCOL: outside(
    'A gateway instance broke the protocol.',
    'Update gateway and server to versions that belong together.',
  ),
  GATEWAY_PROTOCOL_UNSUPPORTED: outside(
    'Gateway and server have no protocol in common.',
    'Update the older of the two.',
  ),
  GATEWAY_CREDENTIAL_REFUSED: outside(
    'The gateway credential is unknown or was revoked, or the gateway is disabled.',
    'Make a new credential and restart the gateway with it.',
  ),
  GATEWAY_TOO_MANY_INSTANCES: outside(
    'As many instances of the gateway are connected as the server takes.',
    'Stop one first.',
  ),
  GATEWAY_SERVER_DRAINING: outside('The server is stopping.', 'Nothing: the gateway tries again.'),
  ROOT_DSE_UNREADABLE: outside(
    'The directory does not show its root DSE.',
    'Allow the account to read the empty DN.',
  ),
  BASE_DN_NOT_FOUND: outside(
    'The base DN does not exist, or the account may not read it.',
    'Correct the base DN, or grant the right.',
  ),
  SOURCE_GROUP_NOT_FOUND: outside(
    'The group whose members a rule is about does not exist, is no group, or its members cannot be read.',
    'Correct SOURCE_GROUP_DN, or grant the right.',
  ),
  CHANGE_FEED_UNREADABLE: outside(
    'The change feed of the directory cannot be read.',
    'Grant the right that the message names, or choose another CHANGE_STRATEGY.',
  ),
  CHANGE_STRATEGY_UNSUPPORTED: outside(
    'The directory does not offer the chosen change strategy.',
    'Leave CHANGE_STRATEGY out, or choose one the message names.',
  ),
  LDAP_HOST_UNREACHABLE: outside(
    'No server of the list accepts a connection.',
    'Check host, port and firewall as seen from the gateway.',
  ),
  LDAP_HOST_UNKNOWN: outside(
    'The name of a server does not resolve.',
    'Check the name and the DNS of the gateway.',
  ),
  LDAP_TLS_UNTRUSTED: outside(
    'The certificate of the directory is not trusted.',
    "Give the gateway the directory's CA certificate (SALLYPORT_CA_FILE).",
  ),
  LDAP_TLS_FAILED: outside(
    'TLS could not be agreed on.',
    'Check that the port speaks TLS and which versions the directory allows.',
  ),
  LDAP_START_TLS_REFUSED: outside(
    'The directory refuses StartTLS.',
    'Use TLS on the port for LDAPS, or enable StartTLS.',
  ),
  LDAP_BIND_REFUSED: outside(
    'The directory refuses the bind DN or its password.',
    'Correct bindDN and bindPassword of the gateway.',
  ),
  LDAP_INVALID_CREDENTIALS: outside(
    'Name or password is wrong, or the account may not sign on.',
    'Correct bindDN and bindPassword of the gateway; the message has what the directory said.',
  ),
  LDAP_EMPTY_PASSWORD: outside(
    'An empty password was given, which a directory would take as anonymous.',
    'Give a password.',
  ),
  LDAP_CONNECTION_LOST: outside('The connection to the directory broke.', 'Nothing: it is made again.'),
  LDAP_TIMEOUT: outside(
    'The directory did not answer in time.',
    'Look at its load; the operation is tried again.',
  ),
  LDAP_RANGE_INCOMPLETE: outside(
    'A long attribute could not be read to its end.',
    'Nothing: it is read again; a shorter list is never taken for the whole.',
  ),
  LDAP_PROTOCOL: outside(
    'The directory answered something that is not LDAP.',
    'Check that host and port are those of a directory.',
  ),
  LDAP_ABORTED: outside('The operation was given up.', 'Nothing.'),
  LDAP_CLOSED: broken(500, 'A closed connection was used.', 'Report it.'),
} as const satisfies Readonly<Record<string, CatalogueEntry>>;
