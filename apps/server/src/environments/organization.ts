import { createHash } from 'node:crypto';
import { ROLES } from '@sallyport/contract';
import { timestamp } from '../http/hal.ts';
import type { HandlerGroup } from '../http/handlers.ts';
import { wholeCollection } from '../http/paging.ts';
import { found } from '../http/refuse.ts';
import type { RequestContext } from '../http/request-context.ts';

/** An installation is one organization with one licence; clients expect to find both. */
export const ORGANIZATION_ID = '5a11f012-0000-4000-8000-000000000001';
export const LICENSE_ID = '5a11f012-0000-4000-8000-000000000002';
const SINCE = timestamp(Date.UTC(2026, 0, 1));

function organizationBody(context: RequestContext) {
  const path = `/v1/organizations/${ORGANIZATION_ID}`;
  return {
    _links: context.addresses.links(path, { licenses: `${path}/licenses`, environments: '/v1/environments' }),
    id: ORGANIZATION_ID,
    name: 'Sallyport',
    createdAt: SINCE,
    updatedAt: SINCE,
  };
}

function licenseBody(context: RequestContext) {
  const organization = `/v1/organizations/${ORGANIZATION_ID}`;
  return {
    _links: context.addresses.links(`${organization}/licenses/${LICENSE_ID}`, { organization }),
    id: LICENSE_ID,
    name: 'Apache License 2.0',
    organization: { id: ORGANIZATION_ID },
    status: 'ACTIVE' as const,
    package: 'OPEN_SOURCE',
  };
}

export function makeOrganizationHandlers(): HandlerGroup<'organizations'> {
  const assert = (id: string): void => {
    found(id.toLowerCase() === ORGANIZATION_ID ? id : undefined, 'organization');
  };
  return {
    list: async (_, context) => wholeCollection(context, 'organizations', [organizationBody(context)]),
    read: async ({ params }, context) => {
      assert(params.organizationId);
      return organizationBody(context);
    },
    listLicenses: async ({ params }, context) => {
      assert(params.organizationId);
      return wholeCollection(context, 'licenses', [licenseBody(context)]);
    },
    readLicense: async ({ params }, context) => {
      assert(params.organizationId);
      found(params.licenseId.toLowerCase() === LICENSE_ID ? params.licenseId : undefined, 'license');
      return licenseBody(context);
    },
  };
}

/** The same id for the same role on every installation (RFC 9562 §5.8: a name's digest in the form of a UUID). */
export function roleId(role: string): string {
  const hex = createHash('sha256').update(`sallyport role ${role}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export function makeRoleHandlers(): HandlerGroup<'roles'> {
  const bodies = (context: RequestContext) =>
    ROLES.map((role) => ({
      _links: context.addresses.links(`/v1/roles/${roleId(role)}`),
      id: roleId(role),
      name: role,
      description: role,
      applicableTo: role === 'Organization Admin' ? ['ORGANIZATION'] : ['ORGANIZATION', 'ENVIRONMENT'],
    }));
  return {
    list: async (_, context) => wholeCollection(context, 'roles', bodies(context)),
    read: async ({ params }, context) =>
      found(
        bodies(context).find(({ id }) => id === params.roleId.toLowerCase()),
        'role',
      ),
  };
}
