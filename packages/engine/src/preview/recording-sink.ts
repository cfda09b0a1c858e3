import { type ObjectType, type Outcome, zeroCounts } from '@sallyport/model';
import type { MembersPlan } from '../membership/members-plan.ts';
import { NO_RESULT, type SettledMembers, settleMembers } from '../membership/settle-members.ts';
import type { CarriedOut, PlanSink } from '../run/plan-sink.ts';
import type { PlannedObject } from '../run/planned-object.ts';
import type { RunLedger } from '../run/run-ledger.ts';
import { settle } from '../run/settle.ts';
import type { PreviewedPlan } from './preview-rule.ts';

/** Sinks that have nothing to write to: they count plans and keep the first of each outcome. */
export function makeRecordingSink(
  ledger: RunLedger,
  maxListed: number,
  onPlan: ((plan: PreviewedPlan) => void) | undefined,
): {
  readonly sinkOf: (objectType: ObjectType) => PlanSink;
  plans(): readonly PreviewedPlan[];
  truncated(): boolean;
} {
  const plans: PreviewedPlan[] = [];
  const listed = new Map<Outcome, number>();
  let truncated = false;
  const record = (all: readonly PreviewedPlan[]): void => {
    const counts = zeroCounts();
    for (const shown of all) {
      const { outcome } = shown;
      counts[outcome] += 1;
      if (outcome === 'unchanged') continue;
      onPlan?.(shown);
      const before = listed.get(outcome) ?? 0;
      if (before < maxListed) {
        listed.set(outcome, before + 1);
        plans.push(shown);
      } else truncated = true;
    }
    ledger.addAll(counts);
  };
  const sinkOf = (objectType: ObjectType): PlanSink => {
    /** Groups whose members are yet to come, which makes them one plan. */
    const following = new Map<string, PlannedObject>();
    const carriedOut = (object: PlannedObject): CarriedOut => {
      const made = object.plan.write?.kind === 'create' ? `new ${object.key}` : undefined;
      const settled = settle(objectType, object, made, undefined, ledger.startedAt);
      return { object, settled, linkNumber: object.link?.number };
    };
    return {
      carryOut: async (objects, _mayDefer, done) => {
        const shown: PreviewedPlan[] = [];
        for (const object of objects) {
          const one = carriedOut(object);
          if (one.settled.membersFollow) following.set(object.key, object);
          else shown.push(previewed(objectType, object));
          done(one);
        }
        record(shown);
        return [];
      },
      remove: async (objects) => record(objects.map((object) => previewed(objectType, object))),
      hold: async (held) => record(held.map(({ object }) => previewed(objectType, object))),
      carryOutMembers: async (members) => {
        const settled = members.map((plan): SettledMembers => {
          const { added, removed } = plan;
          const result = { ...NO_RESULT, added: added.length, removed: removed.length };
          return settleMembers(plan, result, ledger.startedAt);
        });
        record(
          members.flatMap((plan, at) => {
            const object = following.get(plan.turn.stored.sourceKey);
            following.delete(plan.turn.stored.sourceKey);
            return object === undefined ? [] : [withMembers(object, plan, settled[at])];
          }),
        );
        return settled;
      },
    };
  };
  return { sinkOf, plans: () => plans, truncated: () => truncated };
}

function previewed(objectType: ObjectType, { key, place, label, plan }: PlannedObject): PreviewedPlan {
  return {
    objectType,
    sourceKey: key,
    place,
    targetId: plan.targetId,
    label,
    outcome: plan.outcome,
    reason: plan.reason,
    errorCode: plan.errorCode,
    changes: plan.changes,
  };
}

function withMembers(
  object: PlannedObject,
  { turn }: MembersPlan,
  settled: SettledMembers | undefined,
): PreviewedPlan {
  const shown = previewed('group', object);
  if (settled === undefined) return shown;
  const { link, journal, outcome } = settled;
  return {
    ...shown,
    outcome: outcome ?? shown.outcome,
    reason: journal === undefined ? shown.reason : (link ?? turn.stored).reason,
    errorCode: (link ?? turn.stored).errorCode,
    changes: [...shown.changes, ...(journal?.changes ?? [])],
  };
}
