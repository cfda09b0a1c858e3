import type { Link } from '../port/sync-state.ts';
import type { GroupTurn } from './members-plan.ts';
import type { MembersPlanner } from './plan-members.ts';

/** A linked group that exists at the target. */
export interface Standing {
  readonly link: Link;
  readonly targetId: string;
  /** Its name there. */
  readonly label: string;
}

/** Of these links those of groups in scope that exist at the target, with their names. */
export async function readStanding(
  { target, nameOf }: Pick<MembersPlanner, 'target' | 'nameOf'>,
  links: readonly Link[],
): Promise<readonly Standing[]> {
  const standing = links.filter((link) => link.presence === 'inScope' && link.targetId !== undefined);
  const groups = await target.readMany(
    'group',
    standing.flatMap(({ targetId }) => targetId ?? []),
  );
  const name = nameOf('group');
  return standing.flatMap((link): Standing[] => {
    const group = groups.get(link.targetId ?? '');
    return group === undefined
      ? []
      : [{ link, targetId: group.id, label: group.attributes[name]?.[0] ?? link.place }];
  });
}

/** A turn of a group of which only members change. */
export function turnOf(
  { link, targetId, label }: Standing,
  outcome: GroupTurn['outcome'],
  fingerprint: string,
): GroupTurn {
  return {
    stored: { ...link, reference: undefined },
    before: link,
    targetId,
    label,
    outcome,
    fingerprint,
    isNew: false,
  };
}
