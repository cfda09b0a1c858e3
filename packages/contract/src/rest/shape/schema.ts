import * as z from 'zod';
import { answeredReference, collection, resource } from './common.ts';

export const schema = resource({
  id: z.string(),
  environment: answeredReference,
  name: z.string(),
  description: z.string(),
});
export const schemas = collection('schemas', schema);

const subAttribute = z.object({
  id: z.string(),
  name: z.string(),
  displayName: z.string(),
  type: z.string(),
  enabled: z.boolean(),
  required: z.boolean(),
  unique: z.boolean(),
  multiValued: z.boolean(),
});

export const schemaAttribute = resource({
  ...subAttribute.shape,
  environment: answeredReference,
  schema: answeredReference,
  description: z.string().optional(),
  schemaType: z.enum(['CORE', 'STANDARD', 'CUSTOM']),
  subAttributes: z.array(subAttribute).optional(),
});
export type SchemaAttributeBody = z.input<typeof schemaAttribute>;
export const schemaAttributes = collection('attributes', schemaAttribute);

export const schemaAttributeInput = z.object({
  name: z
    .string()
    .max(256)
    .regex(/^[A-Za-z][A-Za-z0-9-]*$/, 'expected a letter, then letters, digits or hyphens'),
  displayName: z.string().max(256).nullish(),
  description: z.string().max(1024).nullish(),
  type: z.enum(['STRING', 'JSON']).nullish(),
  enabled: z.boolean().nullish(),
  unique: z.boolean().nullish(),
  multiValued: z.boolean().nullish(),
});
