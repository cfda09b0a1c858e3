import * as z from 'zod';
import { answeredReference, clearable, collection, reference, resource, text, timestamp } from './common.ts';

export const ENVIRONMENT_TYPES = ['SANDBOX', 'PRODUCTION'] as const;
export const ENVIRONMENT_STATUSES = ['ACTIVE', 'DELETE_PENDING'] as const;

const bookmark = z.object({ name: text(50), href: z.string() });

const productInput = z.object({
  type: z.string().min(1),
  console: clearable(z.object({ href: z.string() })),
  deployment: clearable(z.object({ id: z.string() })),
  bookmarks: clearable(z.array(bookmark).max(5)),
  tags: clearable(z.array(z.string())),
});

export const billOfMaterialsInput = z.object({
  products: z.array(productInput).max(100),
  solutionType: clearable(z.string()),
});

export const billOfMaterials = resource({
  products: z.array(
    z.object({
      id: z.string(),
      type: z.string(),
      description: z.string().optional(),
      console: z.object({ href: z.string() }).optional(),
      deployment: z.object({ id: z.string() }).optional(),
      bookmarks: z.array(bookmark).optional(),
      tags: z.array(z.string()).optional(),
    }),
  ),
  solutionType: z.string().optional(),
  createdAt: timestamp.optional(),
  updatedAt: timestamp.optional(),
});

export const environmentInput = z.object({
  name: text(256),
  description: clearable(z.string().max(1024)),
  type: z.enum(ENVIRONMENT_TYPES),
  region: clearable(z.string().min(1).max(64)),
  icon: clearable(z.string().max(2048)),
  license: clearable(reference),
  billOfMaterials: clearable(billOfMaterialsInput),
});

export const environment = resource({
  id: z.string(),
  name: z.string(),
  description: z.string().optional(),
  type: z.enum(ENVIRONMENT_TYPES),
  region: z.string(),
  status: z.enum(ENVIRONMENT_STATUSES),
  icon: z.string().optional(),
  organization: answeredReference,
  license: answeredReference,
  createdAt: timestamp,
  updatedAt: timestamp,
  billOfMaterials: billOfMaterials.optional(),
});
export type EnvironmentBody = z.input<typeof environment>;

export const environments = collection('environments', environment);

export const capabilities = z.record(z.string(), z.union([z.boolean(), z.unknown()]));

export const organization = resource({
  id: z.string(),
  name: z.string(),
  createdAt: timestamp,
  updatedAt: timestamp,
});
export const organizations = collection('organizations', organization);
export const license = resource({
  id: z.string(),
  name: z.string(),
  organization: answeredReference,
  status: z.literal('ACTIVE'),
  package: z.string(),
});
export const licenses = collection('licenses', license);
export const roleBody = resource({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  applicableTo: z.array(z.string()),
});
export const roleBodies = collection('roles', roleBody);

export const environmentTypeInput = z.object({ type: z.enum(ENVIRONMENT_TYPES) });
export const environmentStatusInput = z.object({ status: z.enum(ENVIRONMENT_STATUSES) });
