import { type Configuration, ConfigurationReader } from '@sallyport/model';
import type { Gateway } from '@sallyport/store';
import { readLdapGateway, type UserType } from '../../gateways/gateway-record.ts';
import type { Faults } from '../../http/refuse.ts';

/**
 * The user type through which a rule's users sign on: the one it names by id or name, else the first that does not make users
 * by itself at their first sign-on. Undefined if there is none.
 */
export function findSignOnUserType(
  configuration: Configuration,
  gateway: Gateway | undefined,
): UserType | undefined {
  const named = findNamed(configuration, gateway);
  return named?.newUserLookup === undefined ? named : undefined;
}

function findNamed(configuration: Configuration, gateway: Gateway | undefined): UserType | undefined {
  const reader = new ConfigurationReader(configuration);
  const id = reader.text('GATEWAY_USER_TYPE_ID')?.toLowerCase();
  const name = reader.text('GATEWAY_USER_TYPE_NAME');
  const types = gateway === undefined ? [] : readLdapGateway(gateway).userTypes;
  if (id !== undefined) return types.find((type) => type.id === id);
  if (name !== undefined) return types.find((type) => type.name === name);
  return types.find((type) => type.newUserLookup === undefined);
}

/** Users who sign on through the gateway need a user type of it, and the rule repeats its settings: they must be the same. */
export function checkSignOnUserType(
  configuration: Configuration,
  gateway: Gateway | undefined,
  faults: Faults,
): void {
  const userType = findNamed(configuration, gateway);
  const refuse = (message: string): void =>
    faults.add('CONSTRAINT_VIOLATION', 'configuration.AUTHENTICATE_VIA_AD_LDAP', message);
  if (userType === undefined) {
    refuse(
      'Users can sign on through the directory only with a user type of the gateway that has no newUserLookup; add one, or name it in GATEWAY_USER_TYPE_ID',
    );
    return;
  }
  if (userType.newUserLookup !== undefined) {
    refuse(
      `User type ${userType.name} makes users at their first sign-on (newUserLookup): that and provisioning exclude each other. Take newUserLookup off it, or name another user type`,
    );
    return;
  }
  const reader = new ConfigurationReader(configuration);
  const expected: readonly (readonly [string, string])[] = [
    ['GATEWAY_USER_TYPE_ID', userType.id],
    ['GATEWAY_USER_TYPE_NAME', userType.name],
    ['GATEWAY_USER_TYPE_PASSWORD_AUTHORITY', userType.passwordAuthority],
    ['GATEWAY_USER_TYPE_SEARCH_BASE_DN', userType.searchBaseDn],
    ['GATEWAY_USER_TYPE_ALLOW_PASSWORD_CHANGES', String(userType.allowPasswordChanges)],
  ];
  const differs = (key: string, value: string): void =>
    faults.add(
      'CONSTRAINT_VIOLATION',
      `configuration.${key}`,
      `${key} must be that of user type ${userType.name}: ${value}`,
    );
  for (const [key, value] of expected) {
    const sent = reader.text(key);
    if (sent !== undefined && sent.toLowerCase() !== value.toLowerCase()) differs(key, value);
  }
  const key = 'GATEWAY_USER_TYPE_ORDERED_CORRELATION_ATTRIBUTES';
  const sent = configuration[key];
  if (sent === undefined || sent === null || sent === '') return;
  const names = typeof sent === 'object' ? sent : String(sent).split(',');
  const wanted = userType.orderedCorrelationAttributes.join(', ');
  if (names.map((name) => name.trim()).join(', ') !== wanted) differs(key, wanted);
}
