import type { AttributeChange, ObjectType } from '@sallyport/model';
import type { JournalEntry, Link, LinkWrite } from '../port/sync-state.ts';
import type { TargetWriteResult } from '../port/target.ts';
import type { PlannedObject } from './planned-object.ts';

/** What one object's turn came to, after its write was accepted, refused, or not needed. */
export interface Settled {
  readonly outcome: JournalEntry['outcome'];
  /** Undefined if the stored link says all of this already. */
  readonly link: LinkWrite | undefined;
  readonly removeLink: number | undefined;
  /** Undefined if there is nothing a person would call news. */
  readonly journal: JournalEntry | undefined;
  /**
   * The members of this group come next, in transactions of their own: its fingerprint and its outcome are only settled with
   * them, so that a run killed in between finds it unfinished.
   */
  readonly membersFollow: boolean;
}

const NO_CHANGES: readonly AttributeChange[] = [];

function sameLink(link: Link, write: LinkWrite): boolean {
  return (
    link.place === write.place &&
    link.targetId === write.targetId &&
    link.presence === write.presence &&
    link.status === write.status &&
    link.outcome === write.outcome &&
    link.reason === write.reason &&
    link.errorCode === write.errorCode &&
    link.fingerprint === write.fingerprint &&
    link.targetVersion === write.targetVersion &&
    link.disabledByRule === write.disabledByRule &&
    link.createdByRule === write.createdByRule &&
    link.deleteAfter === write.deleteAfter
  );
}

/** What somebody else wrote in the meantime was never compared: a version that no object has makes the next full run do so. */
function versionAfter(object: PlannedObject, result: TargetWriteResult | undefined): number {
  if (result?.ok !== true) return object.targetVersion;
  return result.overtaken === true ? 0 : result.version;
}

/** Whether the rule made the object that the link is tied to now: one it found was somebody else's before. */
function createdByRule({ plan, link }: PlannedObject, tie: string | undefined): boolean {
  if (tie === undefined) return false;
  if (plan.write?.kind === 'create') return true;
  return link?.targetId === tie && link.createdByRule;
}

/**
 * Turns a plan and the answer to its write into a link and a line of the journal. `targetId` is the id given to a new
 * object. Pure. What failed keeps an empty fingerprint, so that the next read of it compares again.
 */
export function settle(
  objectType: ObjectType,
  object: PlannedObject,
  targetId: string | undefined,
  result: TargetWriteResult | undefined,
  now: number,
): Settled {
  const { plan, link } = object;
  const refused = result !== undefined && !result.ok ? result : undefined;
  const outcome = refused === undefined ? plan.outcome : refused.conflict ? 'conflict' : 'failed';
  const status = refused === undefined ? plan.status : refused.conflict ? 'CONFLICT' : 'FAILED';
  const reason =
    refused === undefined ? plan.reason : `${plan.reason}; refused by the target: ${refused.message}`;
  const errorCode = refused === undefined ? plan.errorCode : refused.code;
  const failed = status === 'FAILED' || status === 'CONFLICT';
  const tie =
    refused !== undefined && plan.write?.kind === 'create' ? undefined : (targetId ?? plan.targetId);
  // An object that only turned out to be the same keeps the story of what last happened to it.
  const nothingNew =
    outcome === 'unchanged' &&
    link !== undefined &&
    link.status === status &&
    link.presence === plan.presence;
  const membersFollow =
    object.belonging?.members !== undefined &&
    tie !== undefined &&
    !failed &&
    plan.presence === 'inScope' &&
    object.key !== '';
  const write: LinkWrite = {
    number: link?.number,
    objectType,
    sourceKey: object.key,
    place: object.place,
    targetId: tie,
    presence: plan.presence,
    status,
    outcome: nothingNew ? link.outcome : outcome,
    reason: nothingNew ? link.reason : reason,
    errorCode,
    fingerprint: failed || membersFollow ? '' : object.fingerprint,
    targetVersion: versionAfter(object, result),
    disabledByRule: refused === undefined ? plan.disabledByRule : (link?.disabledByRule ?? false),
    createdByRule: createdByRule(object, tie),
    deleteAfter: refused === undefined ? plan.deleteAfter : link?.deleteAfter,
    lastSyncAt: now,
    reference: object.belonging?.reference,
    otherReferences: otherReferences(object),
  };
  const removes = plan.removeLink && refused === undefined;
  // An object without a key has no link; one that was never linked and is gone needs none.
  const saves = !removes && object.key !== '' && !(link === undefined && plan.presence !== 'inScope');
  const relinks = object.relink || (object.belonging?.otherReferences?.length ?? 0) > 0;
  const told =
    outcome !== 'unchanged' &&
    !(
      outcome === 'skipped' &&
      link?.outcome === 'skipped' &&
      link.reason === reason &&
      link.status === status
    );
  return {
    outcome,
    link: saves && !(link !== undefined && !relinks && sameLink(link, write)) ? write : undefined,
    removeLink: removes ? link?.number : undefined,
    journal: told
      ? {
          at: now,
          objectType,
          sourceKey: object.key,
          place: object.place,
          targetId: removes ? plan.targetId : tie,
          label: object.label,
          outcome,
          reason,
          errorCode,
          changes: refused === undefined ? plan.changes : NO_CHANGES,
        }
      : undefined,
    membersFollow,
  };
}

/** A new link has none to be replaced. */
function otherReferences({ belonging, link }: PlannedObject): readonly string[] | undefined {
  const others = belonging?.otherReferences;
  return link === undefined && others?.length === 0 ? undefined : others;
}
