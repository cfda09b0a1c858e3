import type { OPERATIONS, OperationRequest } from '@sallyport/contract';
import { LdapTextError, parseDn } from '@sallyport/ldap';
import type { Faults } from '../http/refuse.ts';
import type { LdapGateway } from './gateway-record.ts';

type Input = Omit<OperationRequest<typeof OPERATIONS.gateways.replace>['body'], 'bindPassword'>;

/** A DN of a body; the fault names the place in it. */
export function checkDn(text: string, target: string, faults: Faults): void {
  try {
    parseDn(text);
  } catch (error) {
    if (!(error instanceof LdapTextError)) throw error;
    faults.add('INVALID_DN', target, error.message);
  }
}

/** What a schema cannot say of a gateway: names that must be DNs, names used twice. */
export function checkGateway(input: Input, vendor: string, faults: Faults): void {
  // Active Directory also takes user@domain and DOMAIN\user in a simple bind (MS-ADTS 5.1.1.1.1).
  const isDn = vendor !== 'Microsoft Active Directory' || /^\s*[\w.-]+\s*=/.test(input.bindDN);
  if (isDn) checkDn(input.bindDN, 'bindDN', faults);
  const names = new Set<string>();
  for (const [at, userType] of (input.userTypes ?? []).entries()) {
    checkDn(userType.searchBaseDn, `userTypes.${at}.searchBaseDn`, faults);
    const key = userType.name.toLowerCase();
    if (names.has(key))
      faults.add(
        'UNIQUENESS_VIOLATION',
        `userTypes.${at}.name`,
        `Two user types are called ${userType.name}`,
      );
    names.add(key);
    const mappings = userType.newUserLookup?.attributeMappings ?? [];
    if (mappings.length > 0 && !mappings.some(({ name }) => name === 'username'))
      faults.add(
        'REQUIRED_VALUE',
        `userTypes.${at}.newUserLookup.attributeMappings`,
        'The attribute mappings of newUserLookup must make username',
      );
  }
}

/**
 * The kept bind password goes only where it was meant to go: who changes the servers, or takes protection away from the
 * connection, must know it. Otherwise everybody who may edit a gateway could have it sent to a server of their own.
 */
export function checkKeptPassword(input: Input, before: LdapGateway, faults: Faults): void {
  const known = new Set(before.serversHostAndPort.map((server) => server.toLowerCase()));
  const unknown = input.serversHostAndPort.filter((server) => !known.has(server.toLowerCase()));
  const isWeaker =
    (before.connectionSecurity !== 'None' && (input.connectionSecurity ?? 'None') === 'None') ||
    (before.validateTlsCertificates && input.validateTlsCertificates === false);
  if (unknown.length === 0 && !isWeaker) return;
  const why =
    unknown.length > 0
      ? `${unknown.join(', ')} would be sent the bind password for the first time`
      : 'the bind password would be sent less protected than before';
  faults.add('BIND_PASSWORD_REQUIRED', 'bindPassword', `Send bindPassword too: ${why}`);
}
