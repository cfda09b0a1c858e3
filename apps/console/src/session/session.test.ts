import { expect, test } from 'vitest';
import { makeConnection } from './connection.ts';
import { credentialFaults, keepCredentials, readCredentials, tidyCredentials } from './credentials.ts';
import { environmentBase, environmentOfPath } from './environment-path.ts';

const ID = '6f1ed002-ab5f-4d1c-9d51-4b5a9a1f0e4a';

function makeKeeper() {
  const items = new Map<string, string>();
  return {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
  };
}

test('every field that is missing or no UUID is named at once', () => {
  const faults = credentialFaults({ environmentId: '', clientId: 'admin', clientSecret: '' });
  expect(faults.environmentId).toBe('Enter the environment id');
  expect(faults.clientId).toContain('Expected a UUID');
  expect(faults.clientSecret).toBe('Enter the client secret');
});

test('pasted ids may have blanks and capitals; a secret is kept to the letter', () => {
  const typed = { environmentId: ` ${ID.toUpperCase()}\n`, clientId: `${ID} `, clientSecret: ' s ' };
  expect(credentialFaults(typed)).toEqual({});
  expect(tidyCredentials(typed)).toEqual({ environmentId: ID, clientId: ID, clientSecret: ' s ' });
});

test('credentials that were kept are read back', () => {
  const keeper = makeKeeper();
  expect(readCredentials(keeper)).toBeUndefined();
  const credentials = { environmentId: ID, clientId: ID, clientSecret: 's' };
  keepCredentials(keeper, credentials);
  expect(readCredentials(keeper)).toEqual(credentials);
});

test.each(['{', '{}', '[]', '{"environmentId":1}'])('a kept %s is the same as none', (text) => {
  expect(readCredentials({ ...makeKeeper(), getItem: () => text })).toBeUndefined();
});

test('an address names its environment, and nothing else does', () => {
  expect(environmentOfPath(`${environmentBase(ID)}/rules/7`)).toBe(ID);
  expect(environmentOfPath(environmentBase(ID))).toBe(ID);
  expect(environmentOfPath(`/environments/${ID}0/rules`)).toBeUndefined();
  expect(environmentOfPath('/')).toBeUndefined();
});

test('the loss of the server is told once, and so is its return', () => {
  const connection = makeConnection();
  const told: boolean[] = [];
  const stop = connection.subscribe(() => told.push(connection.isUp()));
  for (const isUp of [true, false, false, true, true]) connection.report(isUp);
  stop();
  connection.report(false);
  expect(told).toEqual([false, true]);
});
