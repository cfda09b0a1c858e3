import { type ObjectType, type Outcome, zeroCounts } from '@sallyport/model';
import type { PlanSink } from '../run/plan-sink.ts';
import type { PlannedObject } from '../run/planned-object.ts';
import type { RunLedger } from '../run/run-ledger.ts';
import type { PreviewedPlan } from './preview-rule.ts';

/** A sink that has nothing to write to: it counts plans and keeps the first of each outcome. */
export function makeRecordingSink(
  objectType: ObjectType,
  ledger: RunLedger,
  maxListed: number,
  onPlan: ((plan: PreviewedPlan) => void) | undefined,
): { readonly sink: PlanSink; plans(): readonly PreviewedPlan[]; truncated(): boolean } {
  const plans: PreviewedPlan[] = [];
  const listed = new Map<Outcome, number>();
  let truncated = false;
  const record = (objects: readonly PlannedObject[]): void => {
    const counts = zeroCounts();
    for (const object of objects) {
      const { outcome } = object.plan;
      counts[outcome] += 1;
      if (outcome === 'unchanged') continue;
      const shown = previewed(objectType, object);
      onPlan?.(shown);
      const before = listed.get(outcome) ?? 0;
      if (before < maxListed) {
        listed.set(outcome, before + 1);
        plans.push(shown);
      } else truncated = true;
    }
    ledger.addAll(counts);
  };
  return {
    sink: {
      carryOut: async (objects) => {
        record(objects);
        return [];
      },
      remove: async (objects) => record(objects),
      hold: async (held) => record(held.map(({ object }) => object)),
    },
    plans: () => plans,
    truncated: () => truncated,
  };
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
