import type { JsonObject } from '@sallyport/model';
import { newUuid } from '@sallyport/model';
import type { Gateway } from '@sallyport/store';
import { expect, test } from 'vitest';
import { Faults } from '../../http/refuse.ts';
import { checkSignOnUserType, findSignOnUserType } from './sign-on-user-type.ts';

const STAFF = {
  id: 'aa110000-0000-4000-8000-000000000001',
  name: 'Staff',
  passwordAuthority: 'LDAP',
  searchBaseDn: 'DC=corp,DC=example',
  orderedCorrelationAttributes: ['objectGUID', 'objectSid'],
  allowPasswordChanges: false,
} as const;
const GUESTS = { ...STAFF, id: 'aa110000-0000-4000-8000-000000000002', name: 'Guests', newUserLookup: {} };

function gateway(userTypes: readonly JsonObject[]): Gateway {
  return {
    id: newUuid(),
    environmentId: newUuid(),
    name: 'AD',
    description: undefined,
    type: 'LDAP',
    enabled: true,
    properties: { userTypes },
    createdAt: 0,
    updatedAt: 0,
  };
}

function faultsOf(configuration: Record<string, string | boolean | readonly string[]>) {
  const faults = new Faults();
  checkSignOnUserType(configuration, gateway([GUESTS, STAFF]), faults);
  return faults.details.map(({ target, message }) => [target?.split('.')[1], message] as const);
}

test('the first user type that makes nobody is taken, unless one is named; one that makes users is refused', () => {
  expect(findSignOnUserType({}, gateway([GUESTS, STAFF]))?.name).toBe('Staff');
  expect(findSignOnUserType({ GATEWAY_USER_TYPE_NAME: 'Guests' }, gateway([GUESTS, STAFF]))).toBeUndefined();
  expect(findSignOnUserType({}, undefined)).toBeUndefined();
  expect(faultsOf({})).toEqual([]);
  expect(faultsOf({ GATEWAY_USER_TYPE_ID: GUESTS.id })).toEqual([
    ['AUTHENTICATE_VIA_AD_LDAP', expect.stringContaining('Guests makes users at their first sign-on')],
  ]);
  expect(faultsOf({ GATEWAY_USER_TYPE_NAME: 'Nobody' })).toEqual([
    ['AUTHENTICATE_VIA_AD_LDAP', expect.stringContaining('add one, or name it')],
  ]);
});

test('what the rule repeats of the user type has to be the same, as texts or as a list', () => {
  const same = {
    GATEWAY_USER_TYPE_ID: STAFF.id.toUpperCase(),
    GATEWAY_USER_TYPE_PASSWORD_AUTHORITY: 'LDAP',
    GATEWAY_USER_TYPE_ALLOW_PASSWORD_CHANGES: false,
  };
  for (const list of [['objectGUID', 'objectSid'], 'objectGUID, objectSid', 'objectGUID,objectSid'])
    expect(faultsOf({ ...same, GATEWAY_USER_TYPE_ORDERED_CORRELATION_ATTRIBUTES: list })).toEqual([]);
  expect(
    faultsOf({
      GATEWAY_USER_TYPE_SEARCH_BASE_DN: 'DC=other',
      GATEWAY_USER_TYPE_ALLOW_PASSWORD_CHANGES: true,
      GATEWAY_USER_TYPE_ORDERED_CORRELATION_ATTRIBUTES: ['objectSid', 'objectGUID'],
    }).map(([key]) => key),
  ).toEqual([
    'GATEWAY_USER_TYPE_SEARCH_BASE_DN',
    'GATEWAY_USER_TYPE_ALLOW_PASSWORD_CHANGES',
    'GATEWAY_USER_TYPE_ORDERED_CORRELATION_ATTRIBUTES',
  ]);
});
