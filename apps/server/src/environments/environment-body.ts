import type { EnvironmentBody } from '@sallyport/contract';
import type { Environment } from '@sallyport/store';
import { type Addresses, environmentPath, present, timestamp } from '../http/hal.ts';
import { LICENSE_ID, ORGANIZATION_ID } from './organization.ts';

/** What an environment links to. Clients look these up by name, slashes included. */
const RELATED = [
  'populations',
  'users',
  'applications',
  'activities',
  'schemas',
  'gateways',
  'capabilities',
  'billOfMaterials',
  'propagation/plans',
  'propagation/stores',
  'propagation/rules',
  'propagation/revisions/id:latest',
] as const;

export function environmentBody(environment: Environment, addresses: Addresses): EnvironmentBody {
  const path = environmentPath(environment.id);
  return {
    _links: addresses.links(path, {
      organization: `/v1/organizations/${ORGANIZATION_ID}`,
      license: `/v1/organizations/${ORGANIZATION_ID}/licenses/${LICENSE_ID}`,
      ...Object.fromEntries(RELATED.map((name) => [name, `${path}/${name}`])),
    }),
    ...present({
      id: environment.id,
      name: environment.name,
      description: environment.description,
      type: environment.type,
      region: environment.region,
      status: environment.status,
      icon: environment.icon,
    }),
    organization: { id: ORGANIZATION_ID },
    license: { id: environment.licenseId ?? LICENSE_ID },
    createdAt: timestamp(environment.createdAt),
    updatedAt: timestamp(environment.updatedAt),
  };
}
