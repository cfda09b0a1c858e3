import type { Position, SourceChange } from '@sallyport/engine';
import {
  and,
  eq,
  LdapError,
  not,
  parseDn,
  printFilter,
  RESULT_CODE,
  readDn,
  type SearchOptions,
  type SearchRequest,
} from '@sallyport/ldap';
import { CodedError } from '@sallyport/model';
import { expect, it } from 'vitest';
import { searchAfter } from './search-after.ts';
import { at, GROUPS_NEED, keyAt, type SourceStage } from './source-stage.ts';

const signal = new AbortController().signal;

/** Places that change while changes are read, of which no feed tells the people in them. */
export function registerMovingCases(stage: SourceStage): void {
  it('loses nobody in a unit that was made since the last reading and leaves the base during this one', async () => {
    const base = await stage.unit();
    const outside = await stage.unit();
    await stage.person(base, stage.name('stays'));
    const source = await stage.reader(base);
    const before = await stage.readAll(source);
    const team = await stage.unit(base);
    const dn = await stage.person(team, stage.name('new'));
    await stage.caughtUp();
    const { followsBasesOnly } = await source.open(signal);
    const told = new Map<string, SourceChange['kind']>();
    let newKey: string | undefined;
    let moved = false;
    const read = async (position: Position): Promise<Position | undefined> => {
      const changes = source.changesSince(position, GROUPS_NEED, signal);
      for (;;) {
        const next = await changes.next();
        if (next.done === true) return next.value.position;
        for (const change of next.value) {
          if (change.kind === 'present' && isAt(change.object.place, dn)) newKey = change.object.key;
          told.set(change.kind === 'present' ? change.object.key : change.key, change.kind);
        }
        if (newKey === undefined || moved) continue;
        moved = true;
        await stage.move(team, outside);
      }
    };

    const position = await read(before.position).catch((error: unknown) => {
      if (!(error instanceof CodedError && error.code === 'SOURCE_MOVED_ON')) throw error;
      // As in a run that brought newcomers and failed.
      return followsBasesOnly === true ? undefined : before.position;
    });
    expect(moved).toBe(true);
    // Without a position everything is read.
    if (position !== undefined) {
      await stage.caughtUp();
      await source.open(signal);
      await read(position);
      expect(told.get(newKey ?? '')).toBe('gone');
    }
    const [answer] = await source.readByKeys('user', [newKey ?? ''], GROUPS_NEED, signal);
    expect(answer).toMatchObject({ found: 'outOfScope' });
  });

  it('gives no position to go on from when a unit came in while everything was read', async () => {
    const base = await stage.unit();
    const outside = await stage.unit();
    const team = await stage.unit(outside);
    await stage.person(team, stage.name('guest'));
    await stage.person(base, stage.name('stays'));
    let inside: string | undefined;
    // After the units were read, and before the people.
    const link = new Proxy(stage.admin, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target);
        if (name !== 'search') return typeof value === 'function' ? value.bind(target) : value;
        return (request: SearchRequest, options: SearchOptions) =>
          inside === undefined && request.scope === 'sub' && request.attributes?.includes('mail') === true
            ? searchAfter(
                stage.move(team, base).then((dn) => {
                  inside = dn;
                }),
                () => target.search(request, options),
              )
            : target.search(request, options);
      },
    });
    const source = stage.unopened(base, {}, link);
    await source.open(signal);
    const read = async (): Promise<Position | undefined> => {
      const batches = source.readAll(GROUPS_NEED, signal);
      for (;;) {
        const next = await batches.next();
        if (next.done === true) return next.value.position;
        for (const { place } of next.value) people.add(readDn(place)?.parent?.normal ?? '');
      }
    };
    const people = new Set<string>();
    expect(await read()).toBeUndefined();
    expect(people).toContain(parseDn(inside ?? '').normal);
    expect(await read()).toBeDefined();
  });

  it.each(['noSuchObject', 'insufficientAccessRights', 'no key'] as const)(
    'goes on from a position where people are in a unit that is hidden from it (%s)',
    async (how) => {
      const base = await stage.unit();
      const name = stage.name('hidden');
      const team = await stage.unit(base, name);
      const dn = await stage.person(team, stage.name('ana'));
      const hide = (request: SearchRequest): SearchRequest =>
        request.scope === 'sub' && printFilter(request.filter).includes('organizationalUnit')
          ? { ...request, filter: and(request.filter, not(eq('ou', name))) }
          : request;
      const link = new Proxy(stage.admin, {
        get(target, property) {
          const value: unknown = Reflect.get(target, property, target);
          if (property !== 'search') return typeof value === 'function' ? value.bind(target) : value;
          return (request: SearchRequest, options: SearchOptions) => {
            if (request.scope !== 'base' || !isAt(request.base, team))
              return target.search(hide(request), options);
            if (how === 'no key') return target.search({ ...request, attributes: ['1.1'] }, options);
            const result = {
              resultCode: RESULT_CODE[how],
              matchedDn: '',
              diagnosticMessage: '',
              referrals: [],
              controls: [],
            };
            return searchAfter(
              Promise.reject(new LdapError(how, { code: how, class: 'gone', retryable: false, result })),
              () => target.search(request, options),
            );
          };
        },
      });
      const source = stage.unopened(base, {}, link);
      await source.open(signal);
      const before = await stage.readAll(source);
      expect(at(before, dn)).toBeDefined();
      await stage.replace(dn, 'sn', 'Changed');
      const after = await stage.follow(source, before);
      expect(after.keys).toContain(keyAt(before, dn));
    },
  );
}

function isAt(place: string, dn: string): boolean {
  return readDn(place)?.equals(parseDn(dn)) === true;
}
