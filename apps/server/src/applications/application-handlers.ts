import {
  type ApplicationBody,
  type OPERATIONS,
  type OperationRequest,
  ROLES,
  type Role,
} from '@sallyport/contract';
import { CodedError, newUuid, type Uuid } from '@sallyport/model';
import type { RoleAssignment, Store, WorkerApplication } from '@sallyport/store';
import { type Addresses, environmentPath, present, timestamp } from '../http/hal.ts';
import type { HandlerGroup } from '../http/handlers.ts';
import { collectionBody, pageRequest } from '../http/paging.ts';
import { found, idOf } from '../http/refuse.ts';
import { hashSecret, makeSecret } from '../secrets/secret-hash.ts';
import type { Actor } from '../tokens/actor.ts';
import { assertAdministratorStays, isAdministrator, type Leaving } from './last-administrator.ts';

type Input = OperationRequest<typeof OPERATIONS.applications.create>['body'];

interface ApplicationParams {
  readonly environmentId: string;
  readonly applicationId: string;
}

/** Worker applications: clients that act by themselves, with roles of their own. */
export function makeApplicationHandlers(store: Store): HandlerGroup<'applications'> {
  const keyOf = (params: ApplicationParams): readonly [Uuid, Uuid] => [
    idOf(params.environmentId, 'environment'),
    idOf(params.applicationId, 'application'),
  ];
  const get = async (params: ApplicationParams): Promise<WorkerApplication> =>
    found(await store.applications.get(...keyOf(params)), 'application');
  return {
    list: async ({ params, query }, context) => {
      const page = await store.applications.list(
        idOf(params.environmentId, 'environment'),
        pageRequest(query),
      );
      const bodies = page.items.map((application) => applicationBody(application, context.addresses));
      return collectionBody(context, 'applications', bodies, page);
    },
    create: async ({ params, body }, context) => {
      const environmentId = idOf(params.environmentId, 'environment');
      const roles = rolesOf(body, environmentId);
      assertMayGrant(context.actor, roles);
      const secret = makeSecret();
      const application = await store.applications.create({
        id: newUuid(),
        environmentId,
        name: body.name,
        description: body.description ?? undefined,
        enabled: body.enabled ?? true,
        secretHash: await hashSecret(secret),
        roles,
      });
      return { ...applicationBody(application, context.addresses), secret: secret.reveal() };
    },
    read: async ({ params }, context) => applicationBody(await get(params), context.addresses),
    replace: async ({ params, body }, context) => {
      const before = await get(params);
      const roles = rolesOf(body, before.environmentId);
      // Who may not give these roles may not take over an application that has them either.
      assertMayGrant(context.actor, [...before.roles, ...roles]);
      if (isAdministrator(before) && !isAdministrator({ enabled: body.enabled ?? true, roles }))
        await assertAdministratorStays(store, leavingOf(before));
      const application = await store.applications.update(...keyOf(params), {
        name: body.name,
        description: body.description ?? undefined,
        enabled: body.enabled ?? true,
        roles,
      });
      return applicationBody(application, context.addresses);
    },
    remove: async ({ params }, context) => {
      const before = await get(params);
      assertMayGrant(context.actor, before.roles);
      if (isAdministrator(before)) await assertAdministratorStays(store, leavingOf(before));
      await store.applications.remove(...keyOf(params));
      return undefined;
    },
    rotateSecret: async ({ params }, context) => {
      const before = await get(params);
      assertMayGrant(context.actor, before.roles);
      const secret = makeSecret();
      await store.applications.update(...keyOf(params), { secretHash: await hashSecret(secret) });
      const environment = environmentPath(before.environmentId);
      return {
        _links: context.addresses.links(`${environment}/applications/${before.id}/secret`, { environment }),
        environment: { id: before.environmentId },
        secret: secret.reveal(),
      };
    },
  };
}

function rolesOf(body: Input, environmentId: Uuid): readonly RoleAssignment[] {
  return body.roles.map(({ role, scope }) => ({
    role,
    environmentId: scope === 'ORGANIZATION' ? undefined : environmentId,
  }));
}

function leavingOf({ environmentId, id }: WorkerApplication): Leaving {
  return { environmentId, applicationId: id };
}

/** Nobody hands out more than they have: otherwise the right to make applications would be every right. */
function assertMayGrant(actor: Actor, roles: readonly RoleAssignment[]): void {
  const missing = roles.filter(
    (wanted) =>
      !actor.roles.some(
        (own) =>
          own.role === wanted.role &&
          (own.environmentId === undefined || own.environmentId === wanted.environmentId),
      ),
  );
  if (missing.length === 0) return;
  const names = missing.map(
    ({ role, environmentId }) => `${role}${environmentId === undefined ? ' (all environments)' : ''}`,
  );
  throw new CodedError(
    'INSUFFICIENT_PERMISSIONS',
    `The application ${actor.name} cannot handle roles it does not have itself: ${names.join(', ')}`,
  );
}

function isRole(text: string): text is Role {
  return ROLES.some((role) => role === text);
}

function applicationBody(application: WorkerApplication, addresses: Addresses): ApplicationBody {
  const environment = environmentPath(application.environmentId);
  return {
    _links: addresses.links(`${environment}/applications/${application.id}`, { environment }),
    id: application.id,
    environment: { id: application.environmentId },
    name: application.name,
    ...present({ description: application.description }),
    enabled: application.enabled,
    type: 'WORKER',
    protocol: 'OPENID_CONNECT',
    grantTypes: ['CLIENT_CREDENTIALS'],
    roles: application.roles.flatMap(({ role, environmentId }) =>
      isRole(role)
        ? [
            {
              role,
              scope: environmentId === undefined ? ('ORGANIZATION' as const) : ('ENVIRONMENT' as const),
            },
          ]
        : [],
    ),
    createdAt: timestamp(application.createdAt),
    updatedAt: timestamp(application.updatedAt),
  };
}
