import type { Position, SourceChange } from '@sallyport/engine';
import { parseDn, readDn } from '@sallyport/ldap';
import { CodedError } from '@sallyport/model';
import { expect, it } from 'vitest';
import { GROUPS_NEED, type SourceStage } from './source-stage.ts';

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
}

function isAt(place: string, dn: string): boolean {
  return readDn(place)?.equals(parseDn(dn)) === true;
}
