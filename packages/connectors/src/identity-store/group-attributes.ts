import type { TargetAttribute } from '@sallyport/engine';
import { GROUP_ATTRIBUTES, groupCustomName, groupFaults } from '@sallyport/model';
import { ruledAttribute } from './ruled-attribute.ts';

/** Groups as the engine compares and checks them: exactly, as users; `match` alone finds names without case. */
const KNOWN: ReadonlyMap<string, TargetAttribute> = new Map(
  GROUP_ATTRIBUTES.map((attribute) => [attribute.path, ruledAttribute(attribute)]),
);

/** Undefined if groups cannot have it. `customData.owner` and the like hold one text or a set of them. */
export function groupTargetAttribute(name: string): TargetAttribute | undefined {
  const known = KNOWN.get(name);
  if (known !== undefined) return known;
  const custom = groupCustomName(name);
  if (custom === undefined) return undefined;
  return {
    name,
    required: false,
    multiValued: true,
    comparison: 'unordered',
    kind: 'plain',
    fault: (values) => groupFaults({ name: 'g', customData: { [custom]: values } })[0]?.message,
  };
}

/** The names that every identity store has; those in `customData` come beside them. */
export function groupTargetAttributeNames(): readonly string[] {
  return [...KNOWN.keys()];
}
