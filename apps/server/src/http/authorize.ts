import type { Operation } from '@sallyport/contract';
import { CodedError } from '@sallyport/model';
import { type Actor, organizationRoles, rolesIn } from '../tokens/actor.ts';
import { notFound } from './refuse.ts';

/**
 * Whether the caller may do this here. In an environment where they have no role at all the answer is 404, the same as for
 * one that does not exist, so that tenants learn nothing of each other. Throws INSUFFICIENT_PERMISSIONS or NOT_FOUND.
 */
export function authorize(operation: Operation, actor: Actor, environmentId: string | undefined): void {
  const held =
    environmentId === undefined ? organizationScope(operation, actor) : rolesIn(actor, environmentId);
  if (environmentId !== undefined && held.length === 0) throw notFound('environment');
  if (held.some((role) => operation.roles.some((needed) => needed === role))) return;
  throw new CodedError(
    'INSUFFICIENT_PERMISSIONS',
    `The application ${actor.name} has none of the roles this needs: ${operation.roles.join(', ')}`,
  );
}

/** Reading what belongs to the organization takes a role anywhere; changing it takes one that counts everywhere. */
function organizationScope(operation: Operation, actor: Actor): readonly string[] {
  return operation.method === 'GET' ? actor.roles.map(({ role }) => role) : organizationRoles(actor);
}
