import type { Uuid } from '@sallyport/model';
import type { RoleAssignment } from '@sallyport/store';

/** Who makes a request. Roles are read anew for each one, so that a change of them counts at once. */
export interface Actor {
  readonly applicationId: Uuid;
  readonly name: string;
  /** The environment the application lives in. */
  readonly environmentId: Uuid;
  readonly roles: readonly RoleAssignment[];
}

/** Assignments that count in an environment: made for it, or for all. */
export function rolesIn(actor: Actor, environmentId: string): readonly string[] {
  return actor.roles
    .filter(
      (assignment) => assignment.environmentId === undefined || assignment.environmentId === environmentId,
    )
    .map(({ role }) => role);
}

/** Assignments that count for the organization as a whole. */
export function organizationRoles(actor: Actor): readonly string[] {
  return actor.roles.filter((assignment) => assignment.environmentId === undefined).map(({ role }) => role);
}
