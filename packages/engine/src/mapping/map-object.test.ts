import type { Mapping } from '@sallyport/model';
import { describe, expect, test } from 'vitest';
import { FakeStore } from '../port/fake/fake-store.ts';
import { makeRule, mapping } from '../port/fake/fake-world.ts';
import { mappingsInForce } from '../rule/engine-rule.ts';
import { mappingDigest } from '../rule/rule-digest.ts';
import { compileMappings } from './compile-mappings.ts';
import { makeMapper } from './map-object.ts';
import { extractCommonName } from './value-parsers.ts';

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);

function mapped(
  mappings: readonly Mapping[],
  source: Readonly<Record<string, readonly string[]>>,
  active?: boolean,
) {
  const compiled = compileMappings(
    makeRule({ mappings: [mapping('username', { attribute: 'uid' }), ...mappings] }),
    new FakeStore().target(),
  );
  const lower = new Map(Object.entries(source).map(([name, values]) => [name.toLowerCase(), values]));
  return makeMapper(compiled, NOW).map({
    values: (name) => (name.toLowerCase() === 'uid' ? ['ann'] : (lower.get(name.toLowerCase()) ?? [])),
    attributeNames: () => Object.keys(source),
    active,
  });
}

function value(one: Mapping, source: Readonly<Record<string, readonly string[]>>) {
  const result = mapped([one], source);
  return result.ok ? result.object.attributes[one.targetAttribute] : result.failure;
}

describe('a source attribute', () => {
  test('gives its first value to a single-valued target and all of them to a multi-valued one', () => {
    const source = { telephoneNumber: ['1', '2'] };
    expect(value(mapping('name.family', { attribute: 'TELEPHONENUMBER' }), source)).toEqual(['1']);
    expect(value(mapping('phones', { attribute: 'telephoneNumber' }), source)).toEqual(['1', '2']);
  });

  test('without a value, or with an empty one, clears the target or takes the default', () => {
    const plain = mapping('name.family', { attribute: 'sn' });
    expect(value(plain, {})).toEqual([]);
    expect(value({ ...plain, trim: true }, { sn: ['  ', ''] })).toEqual([]);
    expect(value({ ...plain, defaultValue: 'Unknown' }, { sn: [''] })).toEqual(['Unknown']);
  });

  test('goes through parser, trim and case, in this order', () => {
    const extra = { trim: true, characterCase: 'LOWER' } as const;
    expect(
      value(
        mapping('name.family', { attribute: 'mail' }, { ...extra, parser: 'EXTRACT_USERNAME_FROM_EMAIL' }),
        {
          mail: ['Ann.Doe @x'],
        },
      ),
    ).toEqual(['ann.doe']);
    expect(
      value(mapping('name.family', { attribute: 'manager' }, { ...extra, parser: 'EXTRACT_CN_FROM_DN' }), {
        manager: ['OU=x+CN=Doe\\, Ann \\c3\\a9,DC=example'],
      }),
    ).toEqual(['doe, ann é']);
    expect(extractCommonName('uid=ann,ou=people')).toBeUndefined();
    expect(extractCommonName('cn="Doe, Ann",o=x')).toBe('Doe, Ann');
  });
});

describe('an expression', () => {
  test('sees one value as a text, several as a list and none as null', () => {
    const source = { givenName: ['Ann'], sn: ['Doe'], tags: ['a', 'b'] };
    expect(value(mapping('name.family', { expression: "givenName + ' ' + sn" }), source)).toEqual([
      'Ann Doe',
    ]);
    expect(value(mapping('phones', { expression: 'tags' }), source)).toEqual(['a', 'b']);
    expect(value(mapping('name.family', { expression: "middle ?: 'none'" }), source)).toEqual(['none']);
  });

  test('that gives several values to a single-valued target fails with its name', () => {
    expect(value(mapping('name.family', { expression: 'tags' }), { tags: ['a', 'b'] })).toMatchObject({
      mapping: 'name.family',
      code: 'TOO_MANY_VALUES',
    });
  });

  test('that fails makes the object fail, unless there is a default', () => {
    const one = mapping('name.family', { expression: '1 + age' });
    expect(value(one, {})).toMatchObject({ mapping: 'name.family', code: 'NULL_OPERAND' });
    expect(value({ ...one, defaultValue: '0' }, {})).toEqual(['0']);
  });

  test('names the attributes it needs', () => {
    const compiled = compileMappings(
      makeRule({
        mappings: [
          mapping('username', { expression: 'uid + mail' }),
          mapping('email', { attribute: 'Mail' }),
        ],
      }),
      new FakeStore().target(),
    );
    expect([...compiled.needs].sort()).toEqual(['mail', 'uid']);
  });
});

test('the account state comes from its mapping, else from the source', () => {
  const state = mapping('enabled', { expression: "employeeType == 'gone' ? 'false' : 'TRUE'" });
  const gone = mapped([state], { employeeType: ['gone'] }, true);
  expect(gone.ok && gone.object.active).toBe(false);
  const plain = mapped([], {}, false);
  expect(plain.ok && plain.object.active).toBe(false);
  expect(mapped([mapping('enabled', { attribute: 'x' })], { x: ['maybe'] }).ok).toBe(false);
});

test('a failure names every mapping at fault and no masked value', () => {
  const result = mapped(
    [mapping('email', { attribute: 'mail' }, { masked: true }), mapping('phones', { expression: '1 + age' })],
    { mail: ['hunter2'] },
  );
  expect(result.ok ? '' : result.failure.message).toMatch(/mapping "email".*mapping "phones"/);
  expect(JSON.stringify(result)).not.toContain('hunter2');
});

test('the first configured mapping switches the defaults off', () => {
  const own = mapping('username', { attribute: 'cn' });
  const byDefault = mapping('username', { attribute: 'uid' });
  expect(mappingsInForce([], [byDefault], 'user')).toEqual([byDefault]);
  expect(mappingsInForce([own], [byDefault], 'user')).toEqual([own]);
});

test('the digest follows what changes results and nothing else', () => {
  const rule = makeRule();
  const [first, ...rest] = rule.mappings;
  if (first === undefined) throw new Error('the rule has mappings');
  const digest = mappingDigest(rule);
  expect(mappingDigest({ ...rule, mappings: [...rest, { ...first, name: 'other', id: first.id }] })).toBe(
    digest,
  );
  expect(mappingDigest({ ...rule, mappings: [{ ...first, trim: true }, ...rest] })).not.toBe(digest);
  expect(mappingDigest({ ...rule, matchingAttribute: 'email' })).not.toBe(digest);
});
