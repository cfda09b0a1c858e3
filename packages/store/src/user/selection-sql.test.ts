import {
  foldCase,
  type JsonValue,
  type Selection,
  type SelectionOperator,
  type User,
  unflattenProfile,
} from '@sallyport/model';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TemporaryStore, temporaryStore } from '../testing/temporary-store.ts';

let temporary: TemporaryStore;
let users: readonly User[];
let otherPopulation: string;

const GIVEN = ['Ana', 'ana', 'ÁNA', 'Ána Rita', "O'Neil", '100%', 'a_b', 'Zoë', 'Zoë'];
const BADGES: readonly JsonValue[] = [
  'gold',
  'Gold',
  ['gold', 'silver'],
  [],
  7,
  7.5,
  true,
  false,
  { deep: 'gold' },
  null,
  [1, 'x'],
];

beforeAll(async () => {
  temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const population = await store.populations.create({ environmentId, name: 'Other' });
  otherPopulation = population.id;
  for (let index = 0; index < 60; index += 1) {
    const given = GIVEN[index % GIVEN.length] ?? '';
    const badge = BADGES[index % BADGES.length];
    await store.users.create({
      environmentId,
      ...(index % 3 === 0 ? { populationId: population.id } : {}),
      enabled: index % 4 !== 0,
      profile: {
        ...unflattenProfile({ ...(index % 5 === 0 ? {} : { 'name.given': [given] }) }),
        username: `${given}${index}`,
        ...(index % 2 === 0 ? {} : { email: `${index % 7}.Mail@Corp.example` }),
        ...(index % 6 === 0 ? {} : { externalId: index % 2 === 0 ? 'Ext' : 'ext' }),
        ...(badge === undefined ? {} : { badge }),
      },
      ...(index % 9 === 0 ? { state: { mfaEnabled: true } } : {}),
    });
  }
  // Somebody else's, who would match many of the selections.
  const stranger = await store.environments.create({ name: 'Other', type: 'SANDBOX', region: 'EU' });
  await store.users.create({ environmentId: stranger.id, profile: { username: 'Ana', externalId: 'Ext' } });
  users = (await store.users.list(environmentId, { limit: 1000 })).items;
});

afterAll(() => temporary[Symbol.asyncDispose]());

/** The values of an attribute as the naive evaluator compares them. */
function valuesOf(user: User, path: string): readonly (string | number | boolean)[] {
  const { profile } = user;
  switch (path) {
    case 'id':
      return [user.id];
    case 'population.id':
      return [user.populationId];
    case 'enabled':
      return [user.enabled];
    case 'mfaEnabled':
      return [user.state.mfaEnabled ?? false];
    case 'createdAt':
      return [user.createdAt];
    case 'name.given':
      return profile.name?.given === undefined ? [] : [foldCase(profile.name.given)];
    case 'externalId':
      return profile.externalId === undefined ? [] : [profile.externalId];
    default: {
      const value = profile[path];
      const list: readonly unknown[] = Array.isArray(value) ? value : [value];
      return list.flatMap((one): readonly (string | number | boolean)[] =>
        typeof one === 'string'
          ? [foldCase(one)]
          : typeof one === 'number' || typeof one === 'boolean'
            ? [one]
            : [],
      );
    }
  }
}

function isPresent(user: User, path: string): boolean {
  if (path === 'name') return user.profile.name !== undefined;
  const value = user.profile[path];
  if (path === 'badge')
    return value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
  return valuesOf(user, path).length > 0;
}

const order = (one: string, other: string): number => Buffer.compare(Buffer.from(one), Buffer.from(other));

function compare(
  operator: SelectionOperator,
  left: string | number | boolean,
  right: string | number | boolean,
): boolean {
  if (typeof left !== typeof right) return false;
  if (typeof left === 'string' && typeof right === 'string') {
    const sign = order(left, right);
    const answers = {
      eq: left === right,
      ne: left !== right,
      sw: left.startsWith(right),
      ew: left.endsWith(right),
      co: left.includes(right),
      gt: sign > 0,
      ge: sign >= 0,
      lt: sign < 0,
      le: sign <= 0,
    };
    return answers[operator];
  }
  if (typeof left === 'boolean') return operator === 'eq' && left === right;
  const answers = {
    eq: left === right,
    ne: left !== right,
    gt: left > right,
    ge: left >= right,
    lt: left < right,
    le: left <= right,
    sw: false,
    ew: false,
    co: false,
  };
  return answers[operator];
}

const EXACT = new Set(['id', 'externalId', 'population.id']);

/** What a selection means, said as plainly as possible. */
function naive(user: User, selection: Selection): boolean {
  switch (selection.kind) {
    case 'and':
      return selection.of.every((part) => naive(user, part));
    case 'or':
      return selection.of.some((part) => naive(user, part));
    case 'not':
      return !naive(user, selection.of);
    case 'present':
      return isPresent(user, selection.attribute);
    case 'compare': {
      const { attribute, operator, value } = selection;
      if (operator === 'ne') return !naive(user, { ...selection, operator: 'eq' });
      if (value === null) return operator === 'eq' && !isPresent(user, attribute);
      const form = typeof value === 'string' && !EXACT.has(attribute) ? foldCase(value) : value;
      const wanted = attribute === 'createdAt' ? Date.parse(String(value)) : form;
      return valuesOf(user, attribute).some((one) => compare(operator, one, wanted));
    }
  }
}

const textOperator = fc.constantFrom<SelectionOperator>('eq', 'ne', 'sw', 'ew', 'co', 'gt', 'ge', 'lt', 'le');
const sample = fc.oneof(
  fc.constantFrom(
    '',
    'a',
    'ana',
    'ANA',
    'Ána',
    'gold',
    '%',
    '_',
    "'",
    'ext',
    'Ext',
    '1.mail@corp.example',
    'ë',
    'e',
  ),
  fc.string({ maxLength: 3, unit: 'grapheme' }),
);
const atom: fc.Arbitrary<Selection> = fc.oneof(
  fc.record({
    kind: fc.constant('compare' as const),
    attribute: fc.constantFrom('username', 'email', 'name.given', 'externalId', 'badge'),
    operator: textOperator,
    value: fc.oneof(sample, fc.constant(null)),
  }),
  fc.record({
    kind: fc.constant('compare' as const),
    attribute: fc.constant('badge'),
    operator: fc.constantFrom<SelectionOperator>('eq', 'ne', 'gt', 'ge', 'lt', 'le'),
    value: fc.constantFrom<number | boolean>(7, 7.5, 1, true, false),
  }),
  fc.record({
    kind: fc.constant('compare' as const),
    attribute: fc.constantFrom('enabled', 'mfaEnabled'),
    operator: fc.constantFrom<SelectionOperator>('eq', 'ne'),
    value: fc.boolean(),
  }),
  fc.nat({ max: 59 }).map((index) => ({
    kind: 'compare' as const,
    attribute: 'id',
    operator: 'eq' as const,
    value: users[index]?.id ?? '',
  })),
  textOperator.map((operator) => ({
    kind: 'compare' as const,
    attribute: 'population.id',
    operator,
    value: otherPopulation,
  })),
  fc
    .tuple(fc.nat({ max: 59 }), fc.constantFrom<SelectionOperator>('eq', 'ne', 'gt', 'ge', 'lt', 'le'))
    .map(([index, operator]) => ({
      kind: 'compare' as const,
      attribute: 'createdAt',
      operator,
      value: new Date(users[index]?.createdAt ?? 0).toISOString(),
    })),
  fc.record({
    kind: fc.constant('present' as const),
    attribute: fc.constantFrom('username', 'email', 'name', 'name.given', 'externalId', 'badge'),
  }),
);
const { selection } = fc.letrec<{ selection: Selection }>((tie) => ({
  selection: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'selection' },
    atom,
    fc.record({ kind: fc.constant('and' as const), of: fc.array(tie('selection'), { maxLength: 3 }) }),
    fc.record({ kind: fc.constant('or' as const), of: fc.array(tie('selection'), { maxLength: 3 }) }),
    fc.record({ kind: fc.constant('not' as const), of: tie('selection') }),
  ),
}));

test('the database selects whom a naive evaluation selects', async () => {
  await fc.assert(
    fc.asyncProperty(selection, async (chosen) => {
      const { store, environmentId } = temporary;
      const page = await store.users.list(environmentId, { limit: 1000, selection: chosen });
      const expected = users.filter((user) => naive(user, chosen));
      expect(page.items.map((user) => user.profile.username)).toEqual(
        expected.map((user) => user.profile.username),
      );
      expect(page.count).toBe(expected.length);
    }),
    { numRuns: 1000 },
  );
});

test('an unknown attribute, a text operator on a time and an object compared are refused with their names', async () => {
  const { store, environmentId } = temporary;
  const ask = (attribute: string, operator: SelectionOperator, value: string) =>
    store.users.list(environmentId, { limit: 1, selection: { kind: 'compare', attribute, operator, value } });
  await expect(ask('no.such', 'eq', 'x')).rejects.toMatchObject({ code: 'UNKNOWN_ATTRIBUTE' });
  await expect(ask("x' OR 1=1 --", 'eq', 'x')).rejects.toMatchObject({ code: 'UNKNOWN_ATTRIBUTE' });
  await expect(ask('createdAt', 'sw', '2026')).rejects.toMatchObject({ code: 'INVALID_FILTER' });
  await expect(ask('name', 'eq', 'Ana')).rejects.toMatchObject({ code: 'INVALID_FILTER' });
});
