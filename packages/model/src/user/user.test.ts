import fc from 'fast-check';
import { expect, test } from 'vitest';
import { USER_ATTRIBUTES } from './user-attribute.ts';
import { isUserProfile, mergeProfile, parseProfile, profileOfBody } from './user-body.ts';
import { userFaults } from './user-faults.ts';
import { changeProfile, flattenProfile, unflattenProfile } from './user-flat.ts';
import { foldCase } from './user-key.ts';

/** What the faults name, with their codes. */
function named(
  profile: Readonly<Record<string, unknown>>,
): readonly (readonly [string | undefined, string])[] {
  return userFaults(profile).map((fault) => [fault.target, fault.code]);
}

test('a full user of any script has no fault', () => {
  expect(
    userFaults({
      username: 'josé.müller+x@corp',
      email: "jose.o'neil+tag@sub.corp.example",
      name: { given: 'José María', family: "O'Neil-Müller Jr.", middle: '山田', formatted: 'Ñandú 2' },
      nickname: '🙂 Pepe',
      locale: 'pt-PT',
      preferredLanguage: 'en-gb;q=0.8, en;q=0.7, *;q=0.1',
      timezone: 'America/Argentina/Ushuaia',
      primaryPhone: '+351 21 000 0000',
      address: {
        streetAddress: 'Rua 1\r\n2º Esq',
        locality: 'Lisboa',
        countryCode: 'PT',
        postalCode: '1000-001',
      },
      photo: { href: 'https://x.example/a.png' },
      externalId: 'CN=a,OU=b\tc',
      badge: ['a', 'b'],
      profile: { deep: [1, null] },
    }),
  ).toEqual([]);
});

test('every fault is listed at once, with the path of its attribute', () => {
  expect(
    named({
      email: 'a@',
      name: { given: '', family: 'Smith & Sons', nick: 'x' },
      address: { countryCode: 'pt', postalCode: 'x'.repeat(41) },
      photo: 'https://x.example',
      locale: 'english_UK',
      preferredLanguage: 'en;q=2',
      timezone: 'Lisbon',
      primaryPhone: 'none',
      title: 7,
      type: 'a\u0000b',
      externalId: 'a\0b',
      'not a name': 'x',
      enabled: true,
      badge: '',
    }),
  ).toEqual([
    ['username', 'REQUIRED_VALUE'],
    ['email', 'INVALID_VALUE'],
    ['name.given', 'EMPTY_VALUE'],
    ['name.family', 'INVALID_VALUE'],
    ['name.nick', 'INVALID_VALUE'],
    ['address.countryCode', 'INVALID_VALUE'],
    ['address.postalCode', 'SIZE_LIMIT_EXCEEDED'],
    ['photo', 'INVALID_VALUE'],
    ['locale', 'INVALID_VALUE'],
    ['preferredLanguage', 'INVALID_VALUE'],
    ['timezone', 'INVALID_VALUE'],
    ['primaryPhone', 'INVALID_VALUE'],
    ['title', 'INVALID_VALUE'],
    ['type', 'INVALID_VALUE'],
    ['externalId', 'INVALID_VALUE'],
    ['not a name', 'INVALID_VALUE'],
    ['enabled', 'INVALID_VALUE'],
    ['badge', 'EMPTY_VALUE'],
  ]);
  expect(() => parseProfile({ email: 'x', title: '' })).toThrow(/3 properties are invalid/);
});

test('limits of length hold at their edge, and a profile as a whole has one', () => {
  expect(userFaults({ username: 'x'.repeat(128) })).toEqual([]);
  expect(named({ username: 'x'.repeat(129) })).toEqual([['username', 'SIZE_LIMIT_EXCEEDED']]);
  expect(named({ username: 'u', big: 'x'.repeat(16_400) })).toEqual([[undefined, 'SIZE_LIMIT_EXCEEDED']]);
  expect(named({ username: 'u', many: Array(1001).fill('a') })).toEqual([['many', 'SIZE_LIMIT_EXCEEDED']]);
  expect(named({ username: 'u', odd: ['\0'], lone: '\ud800', fine: '\\u0000' })).toEqual([
    ['odd', 'INVALID_VALUE'],
    ['lone', 'INVALID_VALUE'],
  ]);
});

test('an e-mail address that makes some patterns backtrack for ever is answered at once', () => {
  const start = performance.now();
  expect(userFaults({ username: 'u', email: `${'a.'.repeat(150)}@` }).length).toBe(1);
  expect(userFaults({ username: 'u', email: `"${'\\a'.repeat(150)}` }).length).toBe(1);
  expect(performance.now() - start).toBeLessThan(100);
});

test('a body gives its profile without what is read-only, null or dangerous', () => {
  const body: unknown = JSON.parse(
    '{"id":"x","_links":{},"enabled":false,"population":{"id":"p"},"__proto__":{"title":"evil"},"username":"ana","title":null,"name":{"given":"A","family":null},"address":{"region":null}}',
  );
  const profile = profileOfBody(Object(body));
  expect(Object.entries(profile)).toEqual([
    ['username', 'ana'],
    ['name', { given: 'A' }],
  ]);
  expect(profile.title).toBeUndefined();
});

test('a patch keeps what it leaves out, clears nulls and merges nested parts', () => {
  const before = {
    username: 'ana',
    title: 'Dr',
    name: { given: 'A', family: 'S' },
    address: { region: 'L' },
    tags: ['a'],
  };
  expect(
    mergeProfile(before, {
      title: null,
      name: { given: null, middle: 'M' },
      address: { region: null },
      tags: ['b'],
      id: 'no',
    }),
  ).toEqual({
    username: 'ana',
    name: { family: 'S', middle: 'M' },
    tags: ['b'],
  });
  expect(before.name).toEqual({ given: 'A', family: 'S' });
});

const text = fc.string({ minLength: 1, maxLength: 8 });
const attributes = fc.dictionary(
  fc.oneof(fc.constantFrom(...USER_ATTRIBUTES.map((one) => one.path)), fc.stringMatching(/^x[a-z]{1,4}$/)),
  fc.array(text, { minLength: 1, maxLength: 1 }),
);

test('flat attributes come back from the nested shape', () => {
  fc.assert(
    fc.property(attributes, text, (flat, username) => {
      const whole = { ...flat, username: [username] };
      const profile = unflattenProfile(whole);
      expect(isUserProfile(profile, [])).toBe(true);
      if (isUserProfile(profile, [])) expect(flattenProfile(profile)).toEqual(whole);
    }),
  );
});

test('changes applied to a profile give what the engine wanted', () => {
  fc.assert(
    fc.property(attributes, attributes, text, (before, wanted, username) => {
      const old = unflattenProfile({ ...before, username: [username] });
      const target = { ...wanted, username: [username] };
      const paths = new Set([...Object.keys(before), ...Object.keys(target)]);
      const changes = [...paths].map((attribute) => ({
        attribute,
        before: before[attribute] ?? [],
        after: new Map(Object.entries(target)).get(attribute) ?? [],
      }));
      if (!isUserProfile(old, [])) throw new Error('no username');
      expect(changeProfile(old, changes)).toEqual(unflattenProfile(target));
    }),
  );
});

test('usernames compare without case and without regard to how accents are composed', () => {
  expect(foldCase('ÉMILE')).toBe(foldCase('e\u0301mile'));
  expect(foldCase('Ana')).toBe('ana');
  expect(foldCase('ana')).not.toBe(foldCase('aná'));
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (some) => {
      expect(foldCase(foldCase(some))).toBe(foldCase(some));
    }),
  );
});
