import { PositionLost } from '@sallyport/engine';
import { parseDn, present } from '@sallyport/ldap';
import { expect, test } from 'vitest';
import type { AttributeRelevance } from './attribute-relevance.ts';
import { ChangelogFold } from './changelog-fold.ts';
import type { ChangeRecord } from './changelog-record.ts';
import { MemberDeltas } from './member-deltas.ts';

const people = { base: parseDn('ou=people,dc=corp'), condition: undefined, filter: present('objectClass') };
const groups = { base: parseDn('ou=groups,dc=corp'), condition: undefined, filter: present('objectClass') };
const relevance: AttributeRelevance = {
  isRelevant: (attribute) => ['mail', 'cn', 'objectclass'].includes(attribute.toLowerCase()),
  holdsMembers: (attribute) => attribute.toLowerCase() === 'member',
  decidesScope: (attribute) => attribute.toLowerCase() === 'objectclass',
};

const fold = () =>
  new ChangelogFold({ namingContext: parseDn('dc=corp'), scope: people, groupScope: groups }, relevance);

const STAFF = 'cn=staff,ou=groups,dc=corp';
const record = (
  type: ChangeRecord['type'],
  targetDn: string,
  more: Partial<ChangeRecord> = {},
): ChangeRecord => ({
  number: 1,
  type,
  targetDn,
  newDn: targetDn,
  key: `key of ${targetDn}`,
  changes: undefined,
  isPared: false,
  digest: '',
  ...more,
});
const modify = (targetDn: string, changes: string, more: Partial<ChangeRecord> = {}) =>
  record('modify', targetDn, { changes: Buffer.from(changes), ...more });

test('members are told value by value, in the order in which they came and went', () => {
  const log = fold();
  log.add(modify(STAFF, 'add: member\nmember: uid=a,dc=corp\nmember: uid=b,dc=corp\n-\n'));
  log.add(modify(STAFF, 'delete: member\nmember: UID=A, DC=corp\n-\nadd: member\nmember: uid=c,dc=corp\n'));
  const [group] = log.objects;
  expect(group).toMatchObject({ key: `key of ${STAFF}`, more: false, isDeleted: false });
  expect(group?.members.map(({ came, reference }) => `${came ? '+' : '-'}${reference}`)).toEqual([
    '+dn:uid=a,dc=corp',
    '+dn:uid=b,dc=corp',
    '-dn:uid=a,dc=corp',
    '+dn:uid=c,dc=corp',
  ]);
});

test.each([
  ['a replaced list', 'replace: member\nmember: uid=a,dc=corp\n-\n', {}],
  ['a list deleted whole', 'delete: member\n-\n', {}],
  ['another attribute beside it', 'add: member\nmember: uid=a,dc=corp\n-\nreplace: cn\ncn: New\n-\n', {}],
  ['attributes left out of the log', 'add: member\nmember: uid=a,dc=corp\n-\n', { isPared: true }],
  ['text that is no LDIF', 'members came', {}],
])('with %s the group has to be read, and values told before do not count', (_, changes, more) => {
  const log = fold();
  log.add(modify(STAFF, 'add: member\nmember: uid=z,dc=corp\n-\n'));
  log.add(modify(STAFF, changes, more));
  expect(log.objects).toMatchObject([{ more: true, members: [] }]);
});

test('changes of attributes that nobody asks for are passed over, unreadable ones are not', () => {
  const log = fold();
  log.add(
    modify(
      'uid=a,ou=people,dc=corp',
      'replace: lastLogin\nlastLogin: 1\n-\nreplace: modifiersName\nmodifiersName: cn=x\n',
    ),
  );
  expect(log.objects).toEqual([]);
  log.add(record('modify', 'uid=b,ou=people,dc=corp'));
  log.add(modify('uid=c,ou=people,dc=other', 'replace: mail\nmail: c@corp\n-\n'));
  expect(log.objects.map(({ dn }) => dn)).toEqual(['uid=b,ou=people,dc=corp']);
});

test('what plug-ins do to an entry after its deletion does not bring it back; an add does', () => {
  const log = fold();
  const dn = 'uid=a,ou=people,dc=corp';
  log.add(record('delete', dn));
  log.add(modify(dn, 'replace: mail\nmail: a@corp\n-\n'));
  expect(log.objects).toMatchObject([{ isDeleted: true }]);
  log.add(record('add', dn));
  expect(log.objects).toMatchObject([{ isDeleted: false, isNew: true }]);
});

test('an entry deleted and added again under its name is two objects', () => {
  const log = fold();
  log.add(record('delete', 'uid=a,ou=people,dc=corp', { key: 'old' }));
  log.add(record('add', 'uid=a,ou=people,dc=corp', { key: 'new' }));
  expect(log.objects.map(({ key, isDeleted }) => [key, isDeleted])).toEqual([
    ['old', true],
    ['new', false],
  ]);
});

test('without keys an object is followed through renames of itself and of what is above it', () => {
  const log = fold();
  const nameless = { key: undefined };
  log.add(modify('uid=a,ou=x,ou=people,dc=corp', 'replace: mail\nmail: a@corp\n-\n', nameless));
  log.add(
    record('modrdn', 'uid=a,ou=x,ou=people,dc=corp', { ...nameless, newDn: 'uid=b,ou=x,ou=people,dc=corp' }),
  );
  log.add(record('modrdn', 'ou=x,ou=people,dc=corp', { ...nameless, newDn: 'ou=y,ou=people,dc=corp' }));
  expect(log.objects.map(({ dn }) => dn).sort()).toEqual([
    'ou=y,ou=people,dc=corp',
    'uid=b,ou=y,ou=people,dc=corp',
  ]);
  log.add(record('delete', 'uid=b,ou=y,ou=people,dc=corp', nameless));
  log.add(record('delete', 'cn=elsewhere,dc=corp', nameless));
  expect(log.objects.map(({ dn }) => dn)).toEqual(['ou=y,ou=people,dc=corp']);
  expect(log.namelessDeletions).toBe(1);
});

test('who left a group and was renamed after that has left it under the new name too', () => {
  const log = fold();
  log.add(
    modify(
      STAFF,
      'delete: member\nmember: uid=a,ou=x,ou=people,dc=corp\nmember: uid=b,ou=x,ou=people,dc=corp\n-\n',
    ),
  );
  log.add(modify(STAFF, 'add: member\nmember: uid=b,ou=x,ou=people,dc=corp\n-\n'));
  log.add(record('modrdn', 'uid=a,ou=x,ou=people,dc=corp', { newDn: 'uid=c,ou=x,ou=people,dc=corp' }));
  log.add(record('modrdn', 'ou=x,ou=people,dc=corp', { newDn: 'ou=y,ou=people,dc=corp' }));
  const deltas = new MemberDeltas();
  for (const { key, dn, members } of log.objects) if (members.length > 0) deltas.add(key ?? '', dn, members);
  const [staff] = deltas.deltas;
  expect(staff?.removed.map(({ reference }) => reference)).toEqual([
    'dn:uid=a,ou=x,ou=people,dc=corp',
    'dn:uid=c,ou=x,ou=people,dc=corp',
    'dn:uid=c,ou=y,ou=people,dc=corp',
  ]);
  expect(staff?.added.map(({ reference }) => reference)).toEqual(['dn:uid=b,ou=x,ou=people,dc=corp']);
});

test('more objects than are worth reading one by one ask for a full read', () => {
  const log = fold();
  expect(() => {
    for (let index = 0; index <= 100_000; index += 1)
      log.add(record('add', 'uid=a,ou=people,dc=corp', { key: String(index) }));
  }).toThrow(PositionLost);
});
