// Reader and writer are tested together, since each is the oracle of the other; hence the length.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LdapTextError } from '../values/text-error.ts';
import type { LdifRecord } from './ldif-record.ts';
import { parseChangedAttributes, parseChangedModifications } from './parse-changes.ts';
import { printLdifRecord, writeLdif } from './print-ldif.ts';
import { parseLdif, readLdif } from './read-ldif.ts';

const bytes = (...texts: readonly string[]): readonly Buffer[] => texts.map((text) => Buffer.from(text));

const FILE = `version: 1
# a comment
#  which goes on
 over a folded line
dn: cn=Barbara Jensen, ou=Product Development, dc=air
 ius, dc=com
objectClass: top
objectclass: person
cn:Barbara Jensen
cn: Babs
description:: V2hhdCBhIGNhcmVmdWwgcmVhZGVyIHlvdSBhcmUhICANIA==
title: Manager, of a title that is folded
  twice
seeAlso:


dn:: dWlkPXJvZ2FzYXdhcmEsb3U95Za25qWt6YOoLG89QWlyaXVz
uid: rogasawara

dn: cn=Paula,dc=x
control: 1.2.840.113556.1.4.805 true
control: 1.3.6.1.4.1 false: value
control: 1.3.6.1.5:: AAE=
changetype: delete

dn: cn=Paul,dc=x
changetype: modrdn
newrdn: cn=Paula
deleteoldrdn: 1
newsuperior: ou=New,dc=x

dn: cn=Ana,dc=x
changetype: modify
add: postalAddress
postalAddress: 1 $ Street
-
delete: description
-
replace: mail
mail: a@x
mail: b@x
-
increment: uidNumber
uidNumber: 1
`;

const EXPECTED: readonly LdifRecord[] = [
  {
    kind: 'entry',
    dn: 'cn=Barbara Jensen, ou=Product Development, dc=airius, dc=com',
    attributes: [
      { type: 'objectClass', values: bytes('top', 'person') },
      { type: 'cn', values: bytes('Barbara Jensen', 'Babs') },
      { type: 'description', values: bytes('What a careful reader you are!  \r ') },
      { type: 'title', values: bytes('Manager, of a title that is folded twice') },
      { type: 'seeAlso', values: bytes('') },
    ],
  },
  {
    kind: 'entry',
    dn: 'uid=rogasawara,ou=営業部,o=Airius',
    attributes: [{ type: 'uid', values: bytes('rogasawara') }],
  },
  {
    kind: 'delete',
    dn: 'cn=Paula,dc=x',
    controls: [
      { oid: '1.2.840.113556.1.4.805', critical: true },
      { oid: '1.3.6.1.4.1', critical: false, value: Buffer.from('value') },
      { oid: '1.3.6.1.5', critical: false, value: Buffer.from([0, 1]) },
    ],
  },
  {
    kind: 'modifyDn',
    dn: 'cn=Paul,dc=x',
    controls: [],
    newRdn: 'cn=Paula',
    deleteOldRdn: true,
    newSuperior: 'ou=New,dc=x',
  },
  {
    kind: 'modify',
    dn: 'cn=Ana,dc=x',
    controls: [],
    modifications: [
      { operation: 'add', type: 'postalAddress', values: bytes('1 $ Street') },
      { operation: 'delete', type: 'description', values: [] },
      { operation: 'replace', type: 'mail', values: bytes('a@x', 'b@x') },
      { operation: 'increment', type: 'uidNumber', values: bytes('1') },
    ],
  },
];

const names = fc.constantFrom(
  'cn',
  'mail',
  'userCertificate;binary',
  'member;range=0-*',
  '2.5.4.3',
  'changeType',
  'control',
);
const values = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array)),
  fc
    .string({ unit: fc.constantFrom(' ', ':', '<', '#', '-', '\n', 'a', 'é', '\r'), maxLength: 8 })
    .map((text) => Buffer.from(text)),
);
const dns = fc.string({ unit: 'binary', maxLength: 90 });
const valueLists = fc.array(values, { minLength: 1, maxLength: 3 });
const attributeLists = fc.uniqueArray(fc.record({ type: names, values: valueLists }), {
  selector: (attribute) => attribute.type.toLowerCase(),
  maxLength: 4,
});
const controlLists = fc.array(
  fc.record(
    { oid: fc.constantFrom('1.2.3', '2.5'), critical: fc.boolean(), value: values },
    { requiredKeys: ['oid', 'critical'] },
  ),
  { maxLength: 2 },
);
const records: fc.Arbitrary<LdifRecord> = fc.oneof(
  fc.record({ kind: fc.constant('entry' as const), dn: dns, attributes: attributeLists.map(withNameFirst) }),
  fc.record({
    kind: fc.constant('add' as const),
    dn: dns,
    controls: controlLists,
    attributes: attributeLists,
  }),
  fc.record({ kind: fc.constant('delete' as const), dn: dns, controls: controlLists }),
  fc.record({
    kind: fc.constant('modify' as const),
    dn: dns,
    controls: controlLists,
    modifications: fc.array(
      fc.record({
        operation: fc.constantFrom(
          'add' as const,
          'delete' as const,
          'replace' as const,
          'increment' as const,
        ),
        type: names,
        values: fc.array(values, { maxLength: 2 }),
      }),
      { maxLength: 3 },
    ),
  }),
  fc.record({
    kind: fc.constant('modifyDn' as const),
    dn: dns,
    controls: controlLists,
    newRdn: dns,
    deleteOldRdn: fc.boolean(),
    newSuperior: fc.option(dns, { nil: undefined }),
  }),
);

/** As the writer orders them: what would read as a change record goes last, and never alone. */
function withNameFirst(
  attributes: readonly { readonly type: string; readonly values: readonly Buffer[] }[],
): readonly { readonly type: string; readonly values: readonly Buffer[] }[] {
  const isReserved = (type: string) => type === 'changeType' || type === 'control';
  const plain = attributes.filter((attribute) => !isReserved(attribute.type));
  return plain.length === 0
    ? []
    : [...plain, ...attributes.filter((attribute) => isReserved(attribute.type))];
}

async function collect(chunks: Iterable<Uint8Array | string>): Promise<readonly LdifRecord[]> {
  const found: LdifRecord[] = [];
  for await (const record of readLdif(chunks)) found.push(record);
  return found;
}

describe('reading LDIF', () => {
  test('understands entries, changes, controls, folding, base64 and comments', () => {
    expect(parseLdif(FILE)).toEqual(EXPECTED);
    expect(parseLdif(`\ufeff${FILE.replaceAll('\n', '\r\n')}`)).toEqual(EXPECTED);
  });

  test('gives the same however the bytes are cut', async () => {
    const file = Buffer.from(FILE.replaceAll('\n', '\r\n'));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(file.length), { maxLength: 12 }), async (cuts) => {
        const edges = [0, ...cuts.sort((a, b) => a - b), file.length];
        const chunks = edges.slice(1).map((end, index) => file.subarray(edges[index], end));
        expect(await collect(chunks)).toEqual(EXPECTED);
      }),
      { numRuns: 60 },
    );
    expect(await collect([...FILE])).toEqual(EXPECTED);
  });

  test('keeps bytes that are not UTF-8', () => {
    const file = Buffer.concat([
      Buffer.from('dn: cn=a\nphoto: '),
      Buffer.from([0xff, 0xfe, 0x20]),
      Buffer.from('\n'),
    ]);
    expect(parseLdif(file)).toEqual([
      {
        kind: 'entry',
        dn: 'cn=a',
        attributes: [{ type: 'photo', values: [Buffer.from([0xff, 0xfe, 0x20])] }],
      },
    ]);
  });

  test.each([
    ['a record without a name', 'cn: a\n', 1, 'a record that begins with "dn: …"'],
    ['a version we do not know', 'version: 2\n\ndn: cn=a\n', 1, 'version 1'],
    ['a line without a colon', 'dn: cn=a\n\ndn: cn=b\nno colon\n', 4, 'attribute: value'],
    ['broken base64', 'dn: cn=a\ncn:: a!b=\n', 2, 'a base64 value'],
    ['a reference to a file', 'dn: cn=a\njpegPhoto:< file:///etc/passwd\n', 2, 'the value itself'],
    ['a continuation of nothing', 'dn: cn=a\n\n cn: b\n', 3, 'the beginning of a record'],
    ['an unknown change', 'dn: cn=a\nchangetype: drop\n', 2, 'changetype add'],
    ['controls without a change', 'dn: cn=a\ncontrol: 1.2.3\ncn: a\n', 3, '"changetype: …"'],
    ['a malformed control', 'dn: cn=a\ncontrol: paged\nchangetype: delete\n', 2, '"control: OID'],
    ['a delete with a body', 'dn: cn=a\nchangetype: delete\ncn: a\n', 3, 'nothing behind'],
    ['a value of another attribute', 'dn: cn=a\nchangetype: modify\nadd: cn\nsn: a\n-\n', 4, 'a value of cn'],
    ['a modification of no kind', 'dn: cn=a\nchangetype: modify\nput: cn\n', 3, 'add, delete, replace'],
    ['a rename without a name', 'dn: cn=a\nchangetype: moddn\ndeleteoldrdn: 1\n', 3, '"newrdn: …"'],
    [
      'a rename that says neither',
      'dn: cn=a\nchangetype: moddn\nnewrdn: cn=b\ndeleteoldrdn: 2\n',
      4,
      'deleteoldrdn 0 or 1',
    ],
    ['a name that is not UTF-8', 'dn:: /w==\n', 1, 'UTF-8 text'],
  ])('refuses %s, with the line', (_, text, line, expected) => {
    const error = errorOf(() => parseLdif(text));
    expect(error).toMatchObject({ code: 'LDIF_SYNTAX', line });
    expect(error.expected).toContain(expected);
  });

  test('stops at a record larger than its limit, with line ends or without', () => {
    const limits = { maxRecordBytes: 1_000 };
    expect(errorOf(() => parseLdif(`dn: ${'a'.repeat(2_000)}`, limits)).code).toBe('LDIF_LIMIT');
    expect(errorOf(() => parseLdif(`dn: cn=a\n${'cn: b\n'.repeat(300)}`, limits)).code).toBe('LDIF_LIMIT');
    expect(parseLdif('dn: cn=a\ncn: b\n\n'.repeat(300), limits)).toHaveLength(300);
  });

  test('never fails without a code, whatever the text', () => {
    const lines = fc.array(
      fc.constantFrom(
        'dn: cn=a',
        'dn::',
        'cn: a',
        ' b',
        '',
        '-',
        'changetype: modify',
        'add: cn',
        'control: 1.2',
        '# c',
        'version: 1',
        ':',
        'newrdn: x',
      ),
    );
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      lines.map((list) => list.join('\n')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        try {
          parseLdif(text);
        } catch (error) {
          expect(error).toBeInstanceOf(LdapTextError);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('reading the changes of a changelog', () => {
  test('takes modifications with the NUL that 389 Directory Server appends', () => {
    const changes = Buffer.from('replace: sn\nsn: Silva\n-\nadd: mail\nmail:: YUB4\n-\n\n\0');
    expect(parseChangedModifications(changes)).toEqual([
      { operation: 'replace', type: 'sn', values: bytes('Silva') },
      { operation: 'add', type: 'mail', values: bytes('a@x') },
    ]);
  });

  test('takes the attributes of an added entry', () => {
    expect(parseChangedAttributes(Buffer.from('objectClass: top\ncn: a\nobjectClass: person\n\0'))).toEqual([
      { type: 'objectClass', values: bytes('top', 'person') },
      { type: 'cn', values: bytes('a') },
    ]);
  });
});

describe('writing LDIF', () => {
  test('reads back every record it writes, at any line length', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(records, { maxLength: 4 }),
        fc.constantFrom(0, 2, 20, 76),
        async (list, lineLength) => {
          let text = '';
          for await (const part of writeLdif(list, { lineLength })) text += part;
          expect(parseLdif(text)).toEqual(list);
          if (lineLength >= 20)
            expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(lineLength);
          expect(text).toMatch(/^[\n -~]*$/);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('writes base64 only where it must', () => {
    const text = printLdifRecord({
      kind: 'entry',
      dn: 'cn=é',
      attributes: [{ type: 'a', values: bytes('plain', '', ' b', 'b ', ':c', '<d', 'e:<f', 'g\n', '#h') }],
    });
    expect(text).toBe(
      'dn:: Y249w6k=\na: plain\na:\na:: IGI=\na:: YiA=\na:: OmM=\na:: PGQ=\na: e:<f\na:: Zwo=\na: #h\n\n',
    );
  });

  test('does not let a changelog entry read as a change', () => {
    const entry: LdifRecord = {
      kind: 'entry',
      dn: 'changenumber=1,cn=changelog',
      attributes: [
        { type: 'changeType', values: bytes('delete') },
        { type: 'targetDn', values: bytes('cn=a') },
      ],
    };
    expect(parseLdif(printLdifRecord(entry))).toMatchObject([
      { kind: 'entry', dn: 'changenumber=1,cn=changelog' },
    ]);
  });
});

function errorOf(action: () => unknown): LdapTextError {
  try {
    action();
  } catch (error) {
    if (error instanceof LdapTextError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}
