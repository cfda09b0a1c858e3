import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AttributeValues, Modification } from '../message/message.ts';
import { LdapTextError } from '../values/text-error.ts';
import { parseDeletedAttributes } from './deleted-entry.ts';
import { parseChangedAttributes, parseChangedModifications } from './parse-changes.ts';
import { printChangedAttributes, printChangedModifications } from './print-changes.ts';

const texts = (attributes: readonly AttributeValues<Buffer>[]) =>
  attributes.map(({ type, values }) => [type, ...values.map(String)]);

describe('what a changelog kept of a deleted entry', () => {
  it('is read from the attributes of an entry, compact ones included', () => {
    const value = Buffer.from(
      'objectClass: organizationalUnit\nobjectClass: top\nou: test\n' +
        'ds-entry-unique-id:: KfsLjzWeQ4G4tjYwFxyWeg==\nds-create-time:: AAABHSt20p8=\n',
    );
    expect(texts(parseDeletedAttributes(value))).toEqual([
      ['objectClass', 'organizationalUnit', 'top'],
      ['ou', 'test'],
      ['entryUUID', '29fb0b8f-359e-4381-b8b6-3630171c967a'],
      ['createTimestamp', '20081023204806.815Z'],
    ]);
  });

  it('is read from a modification that deletes them', () => {
    const value = Buffer.from('delete: uid\nuid: user.8\n-\ndelete: cn\ncn: Abbas\n-\n\0');
    expect(texts(parseDeletedAttributes(value))).toEqual([
      ['uid', 'user.8'],
      ['cn', 'Abbas'],
    ]);
  });

  it('leaves compact attributes alone that are not what they should be', () => {
    const value = Buffer.from('ds-entry-unique-id: short\nds-update-time:: //////////8=\n');
    expect(parseDeletedAttributes(value).map(({ type }) => type)).toEqual([
      'ds-entry-unique-id',
      'ds-update-time',
    ]);
  });

  it('is read or refused with a coded error, whatever the octets', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), fc.string().map(Buffer.from)), (bytes) => {
        try {
          parseDeletedAttributes(Buffer.from(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(LdapTextError);
        }
      }),
    );
  });
});

describe('the changes of a changelog entry', () => {
  const type = fc
    .stringMatching(/^[a-z][a-z0-9-]{0,8}$/)
    .filter((name) => name !== 'changetype' && name !== 'control');
  const values = fc.array(
    fc.uint8Array({ maxLength: 90 }).map((bytes) => Buffer.from(bytes)),
    { minLength: 1, maxLength: 3 },
  );

  it('are printed as they are read', () => {
    const attributes = fc.uniqueArray(fc.record({ type, values }), {
      selector: (item) => item.type,
      maxLength: 4,
    });
    const changes = fc.array(
      fc.record({
        operation: fc.constantFrom('add' as const, 'delete' as const, 'replace' as const),
        type,
        values,
      }),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(
        attributes,
        changes,
        (added: AttributeValues<Buffer>[], modified: Modification<Buffer>[]) => {
          expect(parseChangedAttributes(printChangedAttributes(added))).toEqual(added);
          expect(parseChangedModifications(printChangedModifications(modified))).toEqual(modified);
        },
      ),
    );
  });
});
