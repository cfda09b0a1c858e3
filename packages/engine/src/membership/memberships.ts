import type { ObjectType } from '@sallyport/model';
import type { SourceReader } from '../port/source.ts';
import type { HeldMember, LinkWrite, MemberLink, PendingMember } from '../port/sync-state.ts';
import { KEYS_AT_ONCE } from '../run/chunks.ts';
import { giveWay, inTurns } from '../run/give-way.ts';
import type { CarriedOut, PlanSink } from '../run/plan-sink.ts';
import type { Vacated } from '../run/planned-object.ts';
import type { RunLedger } from '../run/run-ledger.ts';
import { groupLinksOf } from './belonging.ts';
import type { NetChange } from './net-changes.ts';
import {
  type ExpectedMember,
  type MembersPlanner,
  type PartOfGroup,
  planParts,
  planWholeGroups,
  type WholeGroup,
} from './plan-members.ts';
import { makeResolver, type Resolver } from './resolve-references.ts';
import { readStanding, type Standing, turnOf } from './standing-groups.ts';
import { UnmetRemovals } from './unmet-removals.ts';

// Longer than a page: the life of one run's memberships. How they are compared, guarded, written and settled are files of
// their own.

const REFERENCES_AT_ONCE = 5_000;
const PENDING_AT_ONCE = 5_000;
/** Places remembered until the end of a run, at about 200 bytes each. */
const MAX_REMEMBERED = 100_000;
const TOO_MANY = `more than ${MAX_REMEMBERED} members of groups moved in one run: who stands where now, only a full run can tell`;

export interface MembershipParts
  extends Pick<MembersPlanner, 'limits' | 'state' | 'target' | 'nameOf' | 'now' | 'signal'> {
  readonly source: Pick<SourceReader, 'referenceOf' | 'namedBy'>;
  /** Where plans for groups go. */
  readonly sink: Pick<PlanSink, 'carryOutMembers'>;
  readonly ledger: Pick<RunLedger, 'sawObjects' | 'runId'>;
  /** Nothing is written, so what this run would have made must be remembered here, at about 150 bytes an object. */
  readonly preview: boolean;
}

interface Addition {
  readonly member: MemberLink;
  /** The reference it waited under, if it waited. */
  readonly waited: string | undefined;
  /** It waited for somebody at this place, who may have been somebody else: false means that the group does not name it now. */
  readonly isNamed?: (groupKey: string) => boolean;
}

/** The memberships of one rule through one run. Calls must not overlap. */
export class Memberships {
  readonly #parts: MembershipParts;
  readonly #resolver: Resolver;
  readonly #planner: MembersPlanner;
  readonly #expected = new Map<string, ExpectedMember>();
  #heldRows: Map<number, readonly HeldMember[]> | undefined;
  #heldRun: string | undefined;
  readonly #toRead = new Set<string>();
  readonly #vacated = new Map<string, Set<number>>();
  readonly #unmet = new UnmetRemovals(MAX_REMEMBERED);
  #held = { groups: 0, memberships: 0, reason: '' };
  #wantsFull: string | undefined;
  #groupsFollow = true;
  #seesAllGroups = false;

  constructor(parts: MembershipParts) {
    this.#parts = parts;
    this.#resolver = makeResolver(parts.state, parts.source);
    this.#planner = {
      ...parts,
      resolver: this.#resolver,
      heldRun: () => this.#heldRun,
      heldOf: (groupLink) => this.#heldRows?.get(groupLink) ?? [],
      ...(parts.preview ? { expected: (reference: string) => this.#expected.get(reference) } : {}),
    };
  }

  /** Why only a full run can complete what this one began. */
  get wantsFull(): string | undefined {
    return this.#wantsFull;
  }

  /** What this run holds for a person. */
  get held(): { readonly groups: number; readonly memberships: number; readonly reason: string } {
    return this.#held;
  }

  /** Keys of groups that have to be read whole; asking for them empties the list. */
  takeToRead(): readonly string[] {
    const keys = [...this.#toRead];
    this.#toRead.clear();
    return keys;
  }

  /** Whether this run still goes through all groups, as a full run does: then whatever is missing is found there. */
  groupsFollow(follow: boolean): void {
    this.#groupsFollow = follow;
    if (!follow) return;
    // Every group will have been looked at by the time that anything that waits is.
    this.#seesAllGroups = true;
    this.#toRead.clear();
    this.#vacated.clear();
    this.#unmet.clear();
  }

  /** After objects were carried out: the members of those that are groups, then whoever was waited for. */
  async objectsDone(objectType: ObjectType, done: readonly CarriedOut[]): Promise<void> {
    if (objectType === 'group') await this.#wholeGroups(done);
    const arrived = this.#arrived(objectType, done);
    if (this.#parts.preview) return;
    await this.#moved(objectType, done);
    // Else what waits is looked at when everything has been read.
    if (!this.#groupsFollow) await this.#arrivals(arrived);
    if (objectType === 'user') await this.#ownGroups(done);
  }

  async #wholeGroups(done: readonly CarriedOut[]): Promise<void> {
    const groups = done.flatMap((one): WholeGroup[] => {
      const { object, settled } = one;
      const references = object.belonging?.members;
      if (!settled.membersFollow || references === undefined) return [];
      const stored = storedOf(one);
      // A preview's new group has no id yet.
      const targetId = stored?.targetId ?? (this.#parts.preview ? '' : undefined);
      if (stored === undefined || targetId === undefined) return [];
      if (stored.number !== undefined) this.#unmet.forget(stored.number);
      return [
        {
          references,
          turn: {
            stored,
            targetId,
            before: object.link,
            label: object.label,
            outcome: settled.outcome,
            fingerprint: object.fingerprint,
            isNew: object.plan.write?.kind === 'create',
          },
        },
      ];
    });
    if (groups.length === 0) return;
    await this.#loadHeld();
    await this.#carryOut(await planWholeGroups(this.#planner, groups));
  }

  async #carryOut(plans: Awaited<ReturnType<typeof planWholeGroups>>): Promise<void> {
    if (plans.length === 0) return;
    const settled = await this.#parts.sink.carryOutMembers(plans);
    for (const [at, { held }] of settled.entries()) {
      const plan = plans[at];
      const number = plan?.turn.stored.number;
      if (plan === undefined) continue;
      if (held > 0) {
        this.#heldRun = this.#parts.ledger.runId;
        this.#held = {
          groups: this.#held.groups + 1,
          memberships: this.#held.memberships + held,
          reason: this.#held.reason === '' ? `${plan.turn.label}: ${plan.heldReason}` : this.#held.reason,
        };
      }
      if (number !== undefined && plan.rewritesHeld)
        this.#heldRows?.set(number, [...plan.held, ...plan.kept]);
    }
  }

  async #loadHeld(): Promise<Map<number, readonly HeldMember[]>> {
    if (this.#heldRows !== undefined) return this.#heldRows;
    const rows = new Map<number, HeldMember[]>();
    const list = await this.#parts.state.heldMembers();
    this.#heldRun = list?.runId;
    for (const one of list?.members ?? []) {
      const own = rows.get(one.groupLink);
      if (own === undefined) rows.set(one.groupLink, [one]);
      else own.push(one);
    }
    this.#heldRows = rows;
    return rows;
  }

  /** References of those that groups may wait for: which have a target now and had none, or another one, or stood elsewhere. */
  #arrived(objectType: ObjectType, done: readonly CarriedOut[]): readonly string[] {
    const references: string[] = [];
    for (const one of done) {
      const { object, settled } = one;
      const { belonging, link, plan } = object;
      if (belonging?.reference === undefined || plan.presence !== 'inScope') continue;
      const tie = (settled.link ?? link)?.targetId;
      const own = [belonging.reference, ...(belonging.otherReferences ?? [])];
      if (this.#parts.preview) {
        const coming = plan.write?.kind === 'create' || (link?.targetId === undefined && tie !== undefined);
        if (coming)
          for (const reference of own)
            this.#expected.set(reference, {
              objectType,
              id: plan.targetId ?? reference,
              label: object.label,
            });
        continue;
      }
      if (tie === undefined) continue;
      if (
        link?.targetId !== undefined &&
        link.targetId !== tie &&
        (objectType === 'group' || !this.#groupsFollow)
      )
        this.#wantsFull ??= `${object.label} was gone from the target and has been made or linked again: which groups it belongs to, only a full run can tell`;
      // What else groups call it may have changed with anything. A delta that failed after the object was stored is told of it
      // again, and must not take it for known to the groups; a full run sweeps at its end.
      if (!this.#groupsFollow || link?.targetId !== tie || link.place !== object.place || own.length > 1)
        references.push(...own);
    }
    return references;
  }

  /** Who moved leaves a place behind, and keeps its memberships. */
  async #moved(objectType: ObjectType, done: readonly CarriedOut[]): Promise<void> {
    const moved = done.flatMap(({ object: { link, place } }) =>
      link?.targetId === undefined || link.place === place
        ? []
        : [{ targetId: link.targetId, place: link.place }],
    );
    if (moved.length === 0) return;
    const { target, state, source } = this.#parts;
    const ids = moved.map(({ targetId }) => targetId);
    const groupsOf = await groupLinksOf(target, state, objectType, ids);
    for (const { targetId, place } of moved)
      this.vacated({ reference: source.referenceOf(place), groupLinks: groupsOf(targetId) });
  }

  /** Remembers a place that was left, until `revisit`. */
  vacated({ reference, groupLinks }: Vacated): void {
    if (groupLinks.length === 0) return;
    if (this.#vacated.size >= MAX_REMEMBERED) {
      this.#wantsFull ??= TOO_MANY;
      return;
    }
    const groups = this.#vacated.get(reference) ?? new Set();
    for (const groupLink of groupLinks) groups.add(groupLink);
    this.#vacated.set(reference, groups);
  }

  /**
   * Places that changed hands: a group read before that was known took the new holder for the old one, and is read again. Call
   * when all objects of the run are done.
   */
  async revisit(): Promise<void> {
    if (this.#parts.preview) return;
    await this.#removeUnmet();
    if (this.#vacated.size === 0) return;
    const taken = await this.#resolver.resolve(this.#vacated.keys());
    const groups = new Set([...taken.keys()].flatMap((one) => [...(this.#vacated.get(one) ?? [])]));
    this.#vacated.clear();
    for await (const numbers of inTurns([...groups], KEYS_AT_ONCE))
      for (const link of await this.#parts.state.linksByNumbers(numbers))
        if (link.presence === 'inScope') this.#toRead.add(link.sourceKey);
  }

  async #arrivals(references: readonly string[]): Promise<void> {
    for await (const chunk of inTurns(references, REFERENCES_AT_ONCE))
      await this.#realise(await this.#parts.state.pendingByReferences(chunk));
  }

  /** Makes memberships of what waited for somebody who is there now. */
  async #realise(pending: readonly PendingMember[]): Promise<void> {
    if (pending.length === 0) return;
    const links = await this.#resolver.resolve(pending.map(({ reference }) => reference));
    const isNamed = await this.#namedBy(links);
    const additions = new Map<number, Addition[]>();
    for (const { groupLink, reference } of pending) {
      const member = links.get(reference);
      if (member?.targetId === undefined) continue;
      const addition = { member, waited: reference };
      // What groups call it beside its place is its name, whoever bore it before.
      push(
        additions,
        groupLink,
        member.byOther === true ? addition : { ...addition, isNamed: isNamed(reference) },
      );
    }
    await this.#add(additions);
  }

  /**
   * Whom groups name now. A directory that takes values out of groups by itself tells nobody, so that a name that waits may have
   * been left by somebody else. A full run has seen every group, and what waits then is what groups say.
   */
  async #namedBy(
    links: ReadonlyMap<string, MemberLink>,
  ): Promise<(reference: string) => (groupKey: string) => boolean> {
    if (this.#seesAllGroups) return () => () => true;
    const members = [...links.values()].filter(
      ({ targetId, byOther }) => targetId !== undefined && byOther !== true,
    );
    const named =
      members.length === 0
        ? undefined
        : await this.#parts.source.namedBy(
            members.map(({ sourceKey, place }) => ({ key: sourceKey, place })),
            this.#parts.signal,
          );
    return (reference) => (groupKey) => named?.get(groupKey)?.has(reference) === true;
  }

  async #add(additions: ReadonlyMap<number, readonly Addition[]>): Promise<void> {
    if (additions.size === 0) return;
    await this.#loadHeld();
    for await (const numbers of inTurns([...additions.keys()], KEYS_AT_ONCE)) {
      const parts: PartOfGroup[] = [];
      for (const standing of await readStanding(
        this.#parts,
        await this.#parts.state.linksByNumbers(numbers),
      )) {
        const members = additions.get(standing.link.number) ?? [];
        const named = members.filter(
          ({ isNamed }) => isNamed === undefined || isNamed(standing.link.sourceKey),
        );
        // What no longer waits on the strength of one answer, the next full run looks at once more.
        const fingerprint = named.length < members.length ? '' : standing.link.fingerprint;
        parts.push({
          turn: turnOf(standing, undefined, fingerprint),
          added: named.map(({ member }) => member),
          removed: [],
          pendingAdded: [],
          pendingRemoved: members.flatMap(({ waited }) => waited ?? []),
        });
      }
      await this.#carryOut(await planParts(this.#planner, parts));
    }
  }

  /** Groups that no group names an object a member of, only the object itself. */
  async #ownGroups(done: readonly CarriedOut[]): Promise<void> {
    const members: { readonly link: MemberLink; readonly memberOf: readonly string[] }[] = [];
    for (const { object, settled, linkNumber } of done) {
      const { belonging, plan, key, place } = object;
      const targetId = (settled.link ?? object.link)?.targetId;
      if (belonging === undefined || belonging.memberOf.length === 0) continue;
      if (targetId === undefined || linkNumber === undefined || plan.presence !== 'inScope') continue;
      const link = { number: linkNumber, objectType: 'user' as const, sourceKey: key, place, targetId };
      members.push({ link, memberOf: belonging.memberOf });
    }
    if (members.length === 0) return;
    const groups = await this.#resolver.resolve(members.flatMap(({ memberOf }) => memberOf));
    if (groups.size === 0) return;
    const additions = new Map<number, Addition[]>();
    for (const { link, memberOf } of members)
      for (const reference of memberOf) {
        const group = groups.get(reference);
        if (group?.objectType === 'group' && group.targetId !== undefined)
          push(additions, group.number, { member: link, waited: undefined });
      }
    await this.#add(additions);
  }

  /** Members that came and went, as the source told them one by one, by key of the group. */
  async change(changes: ReadonlyMap<string, NetChange>): Promise<void> {
    if (changes.size === 0) return;
    this.#parts.ledger.sawObjects(changes.size);
    await this.#loadHeld();
    for await (const keys of inTurns([...changes.keys()], KEYS_AT_ONCE)) {
      const links = await this.#parts.state.linksByKeys('group', keys);
      const healthy = [...links.values()].filter(
        (link) =>
          (link.status === 'SUCCESS' || link.status === 'PARTIAL_SYNCED') &&
          (this.#heldRows?.get(link.number)?.length ?? 0) === 0,
      );
      const standing = await readStanding(this.#parts, healthy);
      const direct = new Set(standing.map(({ link }) => link.sourceKey));
      // What is not linked, or not in order, is looked at as a whole once the reading is over.
      for (const key of keys) if (!direct.has(key)) this.#toRead.add(key);
      await this.#changeDirectly(standing, changes);
    }
  }

  async #changeDirectly(
    standing: readonly Standing[],
    changes: ReadonlyMap<string, NetChange>,
  ): Promise<void> {
    const references: string[] = [];
    for (const { link } of standing) {
      const net = changes.get(link.sourceKey);
      if (net === undefined) continue;
      for (const reference of net.added) references.push(reference);
      for (const reference of net.removed) references.push(reference);
    }
    const links = await this.#resolver.resolve(references);
    const parts = standing.flatMap((one): PartOfGroup[] => {
      const net = changes.get(one.link.sourceKey);
      if (net === undefined) return [];
      const there = (reference: string): MemberLink[] => {
        const member = links.get(reference);
        return member?.targetId === undefined ? [] : [member];
      };
      if (!this.#unmet.remember(one.link.number, net, links)) this.#wantsFull ??= TOO_MANY;
      const added = [...net.added].flatMap(there);
      const stays = new Set(added.map(({ number }) => number));
      return [
        {
          turn: turnOf(one, 'unchanged', ''),
          added,
          // Two references of one object, an old and a new one, are no reason to take it out.
          removed: [...net.removed].flatMap(there).filter(({ number }) => !stays.has(number)),
          pendingAdded: [...net.added].filter((one) => links.get(one)?.targetId === undefined),
          pendingRemoved: [
            ...net.removed,
            ...[...net.added].filter((one) => links.get(one)?.targetId !== undefined),
          ],
        },
      ];
    });
    await this.#carryOut(await planParts(this.#planner, parts));
  }

  async #removeUnmet(): Promise<void> {
    const removals = await this.#unmet.take(this.#resolver);
    for await (const numbers of inTurns([...removals.keys()], KEYS_AT_ONCE)) {
      const standing = await readStanding(this.#parts, await this.#parts.state.linksByNumbers(numbers));
      const parts = standing.map(
        (one): PartOfGroup => ({
          turn: turnOf(one, undefined, ''),
          added: [],
          removed: removals.get(one.link.number) ?? [],
          pendingAdded: [],
          pendingRemoved: [],
        }),
      );
      await this.#carryOut(await planParts(this.#planner, parts));
    }
  }

  /** Goes through everything that waits although something answers to it: what a killed run left, and what nobody was told of. */
  async sweep(): Promise<void> {
    const { state, signal, preview } = this.#parts;
    if (preview) return;
    for (let after = 0; ; ) {
      signal.throwIfAborted();
      const { pending, next } = await state.pendingWithLinks(after, PENDING_AT_ONCE);
      await this.#realise(pending);
      if (next === undefined) return;
      after = next;
      await giveWay();
    }
  }
}

function push<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const own = map.get(key);
  if (own === undefined) map.set(key, [value]);
  else own.push(value);
}

function storedOf({ object, settled, linkNumber }: CarriedOut): LinkWrite | undefined {
  const link = settled.link ?? object.link;
  if (link === undefined) return undefined;
  return { ...link, number: linkNumber, reference: undefined };
}
