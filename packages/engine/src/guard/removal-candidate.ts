import type { Link } from '../port/sync-state.ts';
import type { Permissions } from '../rule/permissions.ts';

/**
 * Whether a link whose source object was not there is to be looked at. Not again: what was removed already, what a person
 * kept, what waits for its grace period, and what may not be removed anyway.
 */
export function isRemovalCandidate(
  link: Pick<Link, 'presence' | 'status' | 'targetId'>,
  permissions: Permissions,
): boolean {
  switch (link.presence) {
    case 'inScope':
      return true;
    case 'kept':
      return false;
    case 'deleted':
    case 'outOfScope':
      if (link.targetId === undefined) return true;
      return permissions.deprovision && link.status !== 'SUCCESS' && link.status !== 'PARTIAL_SYNCED';
  }
}
