import type { PopulationBody } from '@sallyport/contract';
import type { Population } from '@sallyport/store';
import { type Addresses, environmentPath, present, timestamp } from '../http/hal.ts';

/** A population as the API shows it. */
export function populationBody(population: Population, addresses: Addresses): PopulationBody {
  const environment = environmentPath(population.environmentId);
  return {
    _links: addresses.links(`${environment}/populations/${population.id}`, { environment }),
    ...present({
      id: population.id,
      name: population.name,
      description: population.description,
      default: population.isDefault,
      userCount: population.userCount,
    }),
    environment: { id: population.environmentId },
    createdAt: timestamp(population.createdAt),
    updatedAt: timestamp(population.updatedAt),
  };
}
