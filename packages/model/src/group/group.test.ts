import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CodedError } from '../error/coded-error.ts';
import type { JsonObject } from '../user/user.ts';
import { groupDisplayName } from './group.ts';
import { groupCustomName } from './group-attribute.ts';
import { groupProfileOfBody, parseGroupProfile } from './group-body.ts';
import { groupFaults } from './group-faults.ts';
import { changeGroup, flattenGroup, unflattenGroup } from './group-flat.ts';

const targets = (profile: JsonObject) => groupFaults(profile).map(({ code, target }) => `${code} ${target}`);

test('every fault of a profile is told at once', () => {
  expect(
    targets({
      name: 'a\nb',
      displayName: '',
      description: 'x'.repeat(1025),
      externalId: 7,
      customData: [],
      userFilter: 'email ew "@x"',
      colour: 'red',
    }),
  ).toEqual([
    'INVALID_VALUE name',
    'EMPTY_VALUE displayName',
    'SIZE_LIMIT_EXCEEDED description',
    'INVALID_VALUE externalId',
    'INVALID_VALUE customData',
    'USER_FILTER_UNSUPPORTED userFilter',
    'INVALID_VALUE colour',
  ]);
  expect(targets({})).toEqual(['REQUIRED_VALUE name']);
  expect(targets({ name: 'x'.repeat(256) })).toEqual([]);
  expect(targets({ name: 'x'.repeat(257) })).toEqual(['SIZE_LIMIT_EXCEEDED name']);
  // Scripts with joiners, and emoji made with one.
  expect(targets({ name: 'می‌خواهم 👩‍💻', description: 'two\nlines' })).toEqual([]);
});

test('customData is bounded, storable and has no way into the language', () => {
  const custom = (customData: JsonObject) => targets({ name: 'g', customData });
  const deep = (levels: number): JsonObject => (levels === 0 ? {} : { a: deep(levels - 1) });
  expect(custom({ a: 'x'.repeat(16 * 1024) })).toEqual(['SIZE_LIMIT_EXCEEDED customData']);
  expect(custom(deep(31))).toEqual([]);
  expect(custom(deep(32))).toEqual(['INVALID_VALUE customData']);
  expect(custom({ a: 'nul\0' })).toEqual(['INVALID_VALUE customData']);
  expect(custom({ a: '\\u0000 as text' })).toEqual([]);
  expect(custom(JSON.parse('{"__proto__":1}'))).toEqual(['INVALID_VALUE customData']);
});

test('of a body only what clients may write is taken, and a faulty one is refused with all its faults', () => {
  const body = {
    id: 'x',
    name: 'Accounting',
    displayName: 'ignored',
    description: null,
    customData: { a: 1 },
    population: { id: 'p' },
    sourceType: 'GATEWAY',
    _links: {},
  };
  expect(groupProfileOfBody(body)).toEqual({ name: 'Accounting', customData: { a: 1 } });
  let refusal: unknown;
  try {
    parseGroupProfile(groupProfileOfBody({ name: '', userFilter: 'x' }));
  } catch (error) {
    refusal = error;
  }
  expect(refusal).toBeInstanceOf(CodedError);
  expect(refusal).toMatchObject({
    code: 'INVALID_DATA',
    details: [{ target: 'name' }, { target: 'userFilter' }],
  });
  expect(groupDisplayName({ profile: { name: 'a' } })).toBe('a');
  expect(groupDisplayName({ profile: { name: 'a', displayName: 'A' } })).toBe('A');
});

test('profiles of texts come back from their flat form', () => {
  const text = fc.string({ minLength: 1 });
  const name = fc
    .stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,8}$/)
    .filter((one) => groupCustomName(`customData.${one}`) !== undefined);
  const profile = fc.record(
    {
      name: text,
      displayName: text,
      description: text,
      externalId: text,
      customData: fc.dictionary(name, fc.oneof(text, fc.array(text, { minLength: 2 })), {
        minKeys: 1,
        noNullPrototype: true,
      }),
    },
    { requiredKeys: ['name'], noNullPrototype: true },
  );
  fc.assert(
    fc.property(profile, (one) => {
      expect(unflattenGroup(flattenGroup(one))).toEqual(one);
    }),
  );
});

test('a change writes one property of customData and leaves the others, and the last one takes it along', () => {
  const change = (attribute: string, ...after: readonly string[]) => ({ attribute, before: [], after });
  const profile = { name: 'g', description: 'd', customData: { keep: { deep: 1 }, owner: 'ana' } };
  expect(changeGroup(profile, [change('customData.owner', 'bea', 'eva'), change('description')])).toEqual({
    name: 'g',
    customData: { keep: { deep: 1 }, owner: ['bea', 'eva'] },
  });
  expect(changeGroup({ name: 'g', customData: { owner: 'ana' } }, [change('customData.owner')])).toEqual({
    name: 'g',
  });
  expect(flattenGroup(profile)).toEqual({
    name: ['g'],
    description: ['d'],
    'customData.keep': ['{"deep":1}'],
    'customData.owner': ['ana'],
  });
});
