import { CodedError, type Uuid } from '@sallyport/model';
import type { RoleAssignment, Store, WorkerApplication } from '@sallyport/store';
import { allItems } from '../http/all-items.ts';

/** What is about to stop counting: one application, or all of an environment. */
export type Leaving =
  | { readonly environmentId: Uuid; readonly applicationId: Uuid }
  | { readonly environmentId: Uuid; readonly applicationId?: undefined };

/**
 * Refuses what would leave the installation without anybody who may administer all of it: the first start makes such an
 * application once and never again. Throws LAST_ADMINISTRATOR. Costs a look at every environment, and is asked only when
 * administrators of the organization go.
 */
export async function assertAdministratorStays(store: Store, leaving: Leaving): Promise<void> {
  const environments = await allItems((request) => store.environments.list(request));
  let found = false;
  for (const { id } of environments) {
    const applications = await allItems((request) => store.applications.list(id, request));
    for (const application of applications.filter(isAdministrator)) {
      const goes =
        id === leaving.environmentId &&
        (leaving.applicationId === undefined || leaving.applicationId === application.id);
      if (!goes) return;
      found = true;
    }
  }
  if (!found) return;
  throw new CodedError(
    'LAST_ADMINISTRATOR',
    'This would remove the last enabled application with the role Organization Admin in all environments, and nobody could administer this installation any more; give another application that role first',
  );
}

export function isAdministrator(application: Pick<WorkerApplication, 'enabled' | 'roles'>): boolean {
  return application.enabled && application.roles.some(isAdministratorRole);
}

function isAdministratorRole({ role, environmentId }: RoleAssignment): boolean {
  return role === 'Organization Admin' && environmentId === undefined;
}
