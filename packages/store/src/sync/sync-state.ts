import type { Uuid } from '@sallyport/model';
import type { Link, MemberLink, SyncState } from '../record/sync-records.ts';
import type { Session } from '../session.ts';
import { readHeldMembers } from './held-members.ts';
import { readHeld } from './held-removals.ts';
import { linksByReferences } from './links-by-references.ts';
import { membersRemovedSince } from './member-removals.ts';
import { forgetTransaction, rememberTransaction } from './open-transactions.ts';
import { countPending, pendingByReferences, pendingOf, pendingWithLinks } from './pending-members.ts';
import {
  countLinked,
  dueDeletions,
  linkNumbers,
  linksByNumbers,
  linksBySource,
  linksByTarget,
  scanLinks,
} from './read-links.ts';
import { readRuns } from './read-runs.ts';
import { removedSince } from './removals.ts';
import { ensureRulePlace, type RulePlace, readRulePlace } from './rule-place.ts';
import { readAppliedDigest, readLastFullRead, readPosition } from './rule-sync.ts';
import { makeStateTransaction } from './state-transaction.ts';

/** The sync state of one rule. A rule that has never written anything reads as empty. */
export function makeSyncState(
  session: Session,
  environmentId: Uuid,
  ruleId: Uuid,
  revisionId: Uuid | undefined,
): SyncState {
  const { reader, numbers } = session;
  const none: ReadonlyMap<string, Link> = new Map();
  const noMembers: ReadonlyMap<string, readonly MemberLink[]> = new Map();
  const noCounts: ReadonlyMap<number, number> = new Map();
  const read = async <T>(empty: T, from: (place: RulePlace) => T): Promise<T> => {
    const place = readRulePlace(reader, numbers, environmentId, ruleId);
    return place === undefined ? empty : from(place);
  };
  return {
    linksByKeys: (objectType, keys) => read(none, (place) => linksBySource(reader, place, objectType, keys)),
    linksByTargets: (objectType, targetIds) =>
      read(none, (place) => linksByTarget(reader, place, objectType, targetIds)),
    scanLinks: (objectType, afterNumber, limit) =>
      read([], (place) => scanLinks(reader, place, objectType, afterNumber, limit)),
    linksByNumbers: (wanted) => read([], (place) => linksByNumbers(reader, place, wanted)),
    linkNumbers: (objectType, afterNumber, limit) =>
      read([], (place) => linkNumbers(reader, place, objectType, afterNumber, limit)),
    held: (objectType) => read(undefined, (place) => readHeld(reader, place, objectType)),
    runs: (runIds) => read([], (place) => readRuns(reader, environmentId, place, runIds)),
    removedSince: (objectType, since) => read(0, (place) => removedSince(reader, place, objectType, since)),
    membersRemovedSince: (groupLinks, since) =>
      read(noCounts, (place) => membersRemovedSince(reader, place, groupLinks, since)),
    countLinked: (objectType) => read(0, (place) => countLinked(reader, place, objectType)),
    dueDeletions: (objectType, now, limit) =>
      read([], (place) => dueDeletions(reader, place, objectType, now, limit)),
    position: () => read(undefined, (place) => readPosition(reader, place)),
    lastFullRead: (objectType) => read(undefined, (place) => readLastFullRead(reader, place, objectType)),
    appliedDigest: () => read(undefined, (place) => readAppliedDigest(reader, place)),
    linksByReferences: (references) =>
      read(noMembers, (place) => linksByReferences(reader, place, references)),
    pendingByReferences: (references) => read([], (place) => pendingByReferences(reader, place, references)),
    countPending: (groupLinks) => read(noCounts, (place) => countPending(reader, place, groupLinks)),
    pendingOf: (groupLink, after, limit) =>
      read([], (place) => pendingOf(reader, place, groupLink, after, limit)),
    pendingWithLinks: (after, limit) =>
      read({ pending: [], next: undefined }, (place) => pendingWithLinks(reader, place, after, limit)),
    heldMembers: () => read(undefined, (place) => readHeldMembers(reader, place)),
    transaction: (work) =>
      session.write(async ({ connection }) => {
        const place = ensureRulePlace(connection, numbers, environmentId, ruleId);
        const transaction = makeStateTransaction(place, revisionId);
        rememberTransaction(transaction, connection);
        try {
          return await work(transaction);
        } finally {
          forgetTransaction(transaction);
        }
      }),
  };
}
