import { PositionLost, type SourceChange, type SourceReader } from '@sallyport/engine';
import { type DirectoryLink, EntryBatch, parseDn, present } from '@sallyport/ldap';
import { readInboundSettings } from '@sallyport/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDirectorySchema } from '../../directory-schema.ts';
import { makeDirectorySource } from '../../directory-source.ts';
import { readRootDse } from '../../root-dse.ts';
import {
  at,
  type FollowedRead,
  GROUPS_NEED,
  keyAt,
  membersAt,
  normal,
  SourceStage,
  type SuiteFactory,
} from '../../test/source-stage.ts';

const signal = new AbortController().signal;

export interface MemberDeltaFactory extends SuiteFactory {
  /** Members of the big group. */
  readonly bigGroup: number;
  /** Makes that many people below the base and returns their DNs; absent where a group may name whoever it likes. */
  readonly people?: (stage: SourceStage, base: string, count: number) => Promise<readonly string[]>;
}

/** Members told value by value: what the strategies with such a feed promise, and what it costs. */
export function registerMemberDeltaSuite(factory: MemberDeltaFactory): void {
  describe(`members value by value on ${factory.name} by ${factory.strategy}`, () => {
    const stage = new SourceStage(factory);
    beforeAll(() => stage.start());
    afterAll(() => stage.stop());

    async function set(
      count: number,
    ): Promise<{ base: string; group: string; people: string[]; source: SourceReader }> {
      const base = await stage.unit();
      const people: string[] = [];
      for (let index = 0; index < count; index += 1) people.push(await stage.person(base, stage.name('m')));
      const group = await stage.group(base, stage.name('g'), people.slice(0, -1));
      return { base, group, people, source: await stage.reader(base) };
    }

    it('costs the change and not the group when one member of a big one changes', async () => {
      const base = await stage.unit();
      const [joiner, leaver] = [
        await stage.person(base, stage.name('j')),
        await stage.person(base, stage.name('l')),
      ];
      const others =
        (await factory.people?.(stage, base, factory.bigGroup)) ??
        Array.from({ length: factory.bigGroup }, (_, index) => `uid=somebody-${index},${base}`);
      const group = await stage.group(base, stage.name('big'), [leaver]);
      for (let from = 0; from < others.length; from += 500)
        await stage.join(group, ...others.slice(from, from + 500));
      const { link, traffic } = counting(stage.admin);
      const source = await open(link, base, factory.strategy);
      traffic.bytes = 0;
      const before = await stage.readAll(source);
      const whole = traffic.bytes;
      expect(membersAt(before, group)).toHaveLength(factory.bigGroup + 1);

      await stage.join(group, joiner);
      await stage.leave(group, leaver);
      Object.assign(traffic, { bytes: 0, searches: 0 });
      const after = await stage.follow(source, before);
      expect(after.told).toContain('members');
      expect(after.told.filter((kind) => kind === 'present')).toHaveLength(
        countOfTouchedPeople(after, [joiner, leaver]),
      );
      const members = new Set(membersAt(after, group));
      expect([...normal(joiner), ...normal(leaver)].map((dn) => members.has(dn))).toEqual([true, false]);
      expect(members.size).toBe(factory.bigGroup + 1);
      // Root DSE and the like are in both.
      expect(traffic.bytes).toBeLessThan(whole / 10);
      expect(traffic.searches).toBeLessThan(30);
    });

    /** Servers with a memberOf plug-in write to the people too. */
    const countOfTouchedPeople = (read: FollowedRead, dns: readonly string[]) =>
      dns.filter((dn) => at(read, dn) !== undefined && read.keys.has(keyAt(read, dn))).length;

    it('tells the net effect of one who came and went, and of one who went and came', async () => {
      const { group, people, source } = await set(4);
      const [, stays = '', , comes = ''] = people;
      const before = await stage.readAll(source);
      await stage.join(group, comes);
      await stage.leave(group, comes);
      await stage.leave(group, stays);
      await stage.join(group, stays);
      const changes = await collect(stage, source, before.position);
      const members = changes.filter((change) => change.kind === 'members');
      const added = members.flatMap((change) => change.added);
      const removed = members.flatMap((change) => change.removed);
      expect(added).not.toContain(source.referenceOf(comes));
      expect(removed).not.toContain(source.referenceOf(stays));
      expect(membersAt(await stage.follow(source, before), group)).toEqual(normal(...people.slice(0, 3)));
    });

    it('follows a replaced list, and a group renamed and filled at once', async () => {
      const { base, group, people, source } = await set(5);
      const before = await stage.readAll(source);
      const [first = '', second = '', , , last = ''] = people;
      await stage.admin.modify(group, [{ operation: 'replace', type: 'member', values: [first, last] }]);
      const replaced = await stage.follow(source, before);
      expect(membersAt(replaced, group)).toEqual(normal(first, last));

      const renamed = await stage.rename(group, `CN=${stage.name('renamed')}`);
      await stage.join(renamed, second);
      const after = await stage.follow(source, replaced);
      expect(parseDn(at(after, renamed)?.place ?? '').parent?.normal).toBe(parseDn(base).normal);
      expect(membersAt(after, renamed)).toEqual(normal(first, last, second));
      expect(after.told).not.toContain('members');
    });

    it('tells people before members, and nothing of members of a group that was deleted', async () => {
      const { base, group, people, source } = await set(4);
      const [renamed = '', , , joiner = ''] = people;
      const doomed = await stage.group(base, stage.name('doomed'), [renamed]);
      const before = await stage.readAll(source);
      await stage.leave(group, renamed);
      await stage.join(group, joiner);
      const now = await stage.rename(renamed, `${stage.isAd ? 'CN' : 'uid'}=${stage.name('other')}`);
      await stage.join(doomed, joiner);
      await stage.admin.delete(doomed);
      const changes = await collect(stage, source, before.position);
      const after = await stage.follow(source, before);
      expect(at(after, doomed)).toBeUndefined();
      expect(at(after, now)?.objectType).toBe('user');
      expect(after.told.lastIndexOf('present')).toBeLessThan(after.told.indexOf('members'));
      expect(after.told.filter((kind) => kind === 'members')).toHaveLength(1);
      // By the name under which the engine knows the person by then.
      const members = changes.find((change) => change.kind === 'members');
      expect(members?.removed).toContain(source.referenceOf(now));
      expect(members?.added).toEqual([source.referenceOf(joiner)]);
    });

    it('tells a rule without groups nothing of them', async () => {
      const { group, people, source } = await set(3);
      const need = { attributes: ['sn', 'mail'] };
      const before = await stage.readAll(source, need);
      await stage.join(group, people[2] ?? '');
      await stage.replace(group, 'description', 'changed');
      const after = await stage.follow(source, before, need);
      expect(after.told.filter((kind) => kind === 'members')).toEqual([]);
      expect([...after.keys].filter((key) => !before.objects.has(key))).toEqual([]);
    });

    it('tells nothing of members of groups that the filter leaves out, until it lets them in', async () => {
      const { base, people } = await set(3);
      const [first = '', second = '', third = ''] = people;
      const group = await stage.group(base, stage.name('filtered'), [first], { description: 'private' });
      const source = await stage.reader(base, { GROUPS_LDAP_FILTER: '(description=public)' });
      const before = await stage.readAll(source);
      await stage.join(group, second);
      const outside = await stage.follow(source, before);
      expect(outside.told).not.toContain('members');
      await stage.replace(group, 'description', 'public');
      await stage.join(group, third);
      expect(membersAt(await stage.follow(source, outside), group)).toEqual(normal(first, second, third));
    });

    it.runIf(stage.isAd)('does not take a change of the primary group for leaving it', async () => {
      const { group, people, source } = await set(3);
      const [primary = '', leaver = ''] = people;
      const before = await stage.readAll(source);
      expect(membersAt(before, group)).toEqual(normal(primary, leaver));
      const sid = await readSid(stage, group);
      await stage.replace(primary, 'primaryGroupID', String(sid.readUInt32LE(sid.length - 4)));
      // Samba moves the value by itself, as Active Directory does; where nobody does, this is what would be left.
      await stage.leave(group, primary).catch(() => undefined);
      await stage.leave(group, leaver);
      const after = await stage.follow(source, before);
      expect(membersAt(after, group)).toEqual(normal(primary));
      expect(at(after, primary)?.memberOf).toEqual([source.referenceOf(group)]);
    });

    it('refuses a position that another server, a restored one or a trimmed log gave', async () => {
      const { people, source } = await set(3);
      const { position } = await stage.readAll(source);
      await stage.replace(people[0] ?? '', 'sn', 'Souza');
      const value: unknown = JSON.parse(position.value);
      for (const [name, other] of foreignPositions(value)) {
        const lost = { ...position, value: JSON.stringify(other) };
        await expect(collect(stage, source, lost), name).rejects.toBeInstanceOf(PositionLost);
      }
      expect((await collect(stage, source, position)).length).toBeGreaterThan(0);
    });
  });
}

function foreignPositions(value: unknown): readonly (readonly [string, object])[] {
  if (typeof value !== 'object' || value === null) throw new Error('no position');
  if ('cookie' in value)
    return [
      ['a cookie that is none', { ...value, cookie: Buffer.from('no cookie').toString('base64') }],
      ['another controller', { ...value, server: 'dc2.corp.example' }],
      ['a controller that was restored', { ...value, invocationId: '00000000-0000-0000-0000-000000000001' }],
      ['a controller set back', { ...value, usn: '999999999' }],
    ];
  const { token: _token, ...byNumber } = { token: '', ...value };
  return [
    ['another record of this number', { ...byNumber, digest: 'another' }],
    ['a log that was begun anew', { ...byNumber, number: 999_999_999 }],
  ];
}

async function collect(
  stage: SourceStage,
  source: SourceReader,
  position: Parameters<SourceReader['changesSince']>[0],
): Promise<readonly SourceChange[]> {
  await stage.caughtUp();
  await source.open(signal);
  const changes: SourceChange[] = [];
  for await (const batch of source.changesSince(position, GROUPS_NEED, signal)) changes.push(...batch);
  return changes;
}

async function open(link: DirectoryLink, base: string, strategy: string): Promise<SourceReader> {
  const { settings } = readInboundSettings({ USERS_BASE_DN: base, CHANGE_STRATEGY: strategy });
  const known = await readDirectorySchema(link, await readRootDse(link, signal), signal);
  const schema = async () => known;
  const source = makeDirectorySource({ link, settings, vendor: undefined, accountFlag: undefined, schema });
  await source.open(signal);
  return source;
}

/** A link that counts what comes back from searches. */
function counting(link: DirectoryLink): {
  link: DirectoryLink;
  traffic: { bytes: number; searches: number };
} {
  const traffic = { bytes: 0, searches: 0 };
  const count = async function* (stream: AsyncIterable<Buffer>) {
    for await (const bytes of stream) {
      traffic.bytes += bytes.length;
      yield bytes;
    }
  };
  const counted = new Proxy(link, {
    get(target, name) {
      if (name === 'search')
        return (...args: Parameters<DirectoryLink['search']>) => {
          traffic.searches += 1;
          const stream = target.search(...args);
          return Object.assign(count(stream), { outcome: stream.outcome });
        };
      if (name === 'extendedStream')
        return (...args: Parameters<DirectoryLink['extendedStream']>) => {
          const stream = target.extendedStream(...args);
          return Object.assign(count(stream), { outcome: stream.outcome });
        };
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return { link: counted, traffic };
}

async function readSid(stage: SourceStage, dn: string): Promise<Buffer> {
  const stream = stage.admin.search({
    base: dn,
    scope: 'base',
    filter: present('objectClass'),
    attributes: ['objectSid'],
  });
  for await (const bytes of stream)
    for (const entry of new EntryBatch(bytes).entries()) {
      const sid = entry.bytes('objectSid');
      if (sid !== undefined) return Buffer.from(sid);
    }
  throw new Error(`${dn} shows no objectSid`);
}
