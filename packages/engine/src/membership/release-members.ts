import type { ObjectType } from '@sallyport/model';
import { byGroup, type HeldByRun, membersWait } from '../guard/held-list.ts';
import type { ReadableState, ReadableTarget } from '../port/readable.ts';
import type { ReadNeed, SourceReader } from '../port/source.ts';
import type { Link } from '../port/sync-state.ts';
import { chunks } from '../run/chunks.ts';
import type { PlanSink } from '../run/plan-sink.ts';
import { type MembersPlan, memberKey } from './members-plan.ts';
import { labelsOfMembers } from './plan-members.ts';
import { makeResolver } from './resolve-references.ts';

/** Groups are asked for with all their members. */
const GROUPS_AT_ONCE = 50;

export interface ReleaseMembersInput {
  readonly held: HeldByRun;
  /** Undefined if the source is out of reach: then the list counts as it was seen. */
  readonly source: SourceReader | undefined;
  readonly need: ReadNeed;
  readonly state: ReadableState;
  readonly target: ReadableTarget;
  readonly nameOf: (objectType: ObjectType) => string;
  readonly sink: Pick<PlanSink, 'carryOutMembers'>;
  readonly signal: AbortSignal;
  readonly actor: string;
  /** Ends the waiting of groups to which something else happened. */
  readonly forget: (groupLinks: readonly number[]) => Promise<void>;
}

/** Members that the source has again, by number of the group's link: they are not removed. */
async function membersAgain(
  { source, need, state, signal }: ReleaseMembersInput,
  links: readonly Link[],
): Promise<ReadonlyMap<number, ReadonlySet<string>>> {
  const again = new Map<number, ReadonlySet<string>>();
  if (source === undefined || links.length === 0) return again;
  const keys = links.map((link) => link.sourceKey);
  const references = new Map<string, readonly string[]>();
  for (const answer of await source.readByKeys('group', keys, need, signal))
    if (answer.found === 'inScope' && answer.object.members !== undefined)
      references.set(answer.key, [...answer.object.members]);
  const resolved = await makeResolver(state, source).resolve([...references.values()].flat());
  for (const link of links)
    again.set(
      link.number,
      new Set(
        (references.get(link.sourceKey) ?? []).flatMap((reference) => {
          const member = resolved.get(reference);
          return member?.targetId === undefined
            ? []
            : [memberKey({ objectType: member.objectType, id: member.targetId })];
        }),
      ),
    );
  return again;
}

/** Removes exactly the memberships that a person saw, except those that the source has again. */
export async function releaseMembers(input: ReleaseMembersInput): Promise<void> {
  const { held, state, target, nameOf, sink, signal, actor } = input;
  const groups = byGroup(held.members);
  const kept = byGroup(held.kept);
  for (const numbers of chunks([...groups.keys()], GROUPS_AT_ONCE)) {
    signal.throwIfAborted();
    const links = (await state.linksByNumbers(numbers)).filter(membersWait);
    const waiting = new Set(links.map(({ number }) => number));
    const over = numbers.filter((number) => !waiting.has(number));
    if (over.length > 0) await input.forget(over);
    const again = await membersAgain(input, links);
    const names = await labelsOfMembers(
      { target, nameOf },
      links.map(({ targetId }) => ({ objectType: 'group', id: targetId ?? '' })),
    );
    await sink.carryOutMembers(
      links.map((link): MembersPlan => {
        const rows = groups.get(link.number) ?? [];
        const back = again.get(link.number);
        const removed = rows.filter(({ member }) => back?.has(memberKey(member)) !== true);
        const stays = rows.length - removed.length;
        const group = { objectType: 'group' as const, id: link.targetId ?? '' };
        return {
          turn: {
            stored: { ...link, reference: undefined },
            before: link,
            targetId: group.id,
            label: names.get(memberKey(group)) ?? link.place,
            outcome: undefined,
            // The next full run compares the group.
            fingerprint: '',
            isNew: false,
          },
          whole: true,
          added: [],
          removed: removed.map(({ member }) => member),
          held: [],
          heldReason: '',
          kept: kept.get(link.number) ?? [],
          rewritesHeld: true,
          heldRun: undefined,
          pendingAdded: [],
          pendingRemoved: [],
          total: rows.length,
          versionKnown: false,
          released: `released by ${actor}${stays > 0 ? `; ${stays} are members at the source again, so they are not removed` : ''}`,
          labels: new Map(rows.map(({ member, label }) => [memberKey(member), label])),
        };
      }),
    );
  }
}
