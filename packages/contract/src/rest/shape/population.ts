import * as z from 'zod';
import { answeredReference, clearable, collection, resource, text, timestamp } from './common.ts';

export const populationInput = z.object({
  name: text(256),
  description: clearable(z.string().max(1024)),
  default: clearable(z.boolean()),
});

export const population = resource({
  id: z.string(),
  environment: answeredReference,
  name: z.string(),
  description: z.string().optional(),
  default: z.boolean(),
  userCount: z.number(),
  createdAt: timestamp,
  updatedAt: timestamp,
});
export type PopulationBody = z.input<typeof population>;
export const populations = collection('populations', population);
