import * as z from 'zod';

/** Lower-case on the wire; any case is accepted, as people paste ids. */
export const id = z
  .string()
  .regex(/^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/, 'expected a UUID')
  .transform((text) => text.toLowerCase())
  .meta({ format: 'uuid' });

export const reference = z.object({ id });
export const answeredReference = z.object({ id: z.string() });
export const timestamp = z.string().meta({ format: 'date-time', description: 'UTC with milliseconds.' });

export const link = z.object({ href: z.string().meta({ format: 'uri' }) });
export const links = z.record(z.string(), link);

/** A resource as answered: `_links`, then its own properties. */
export function resource<S extends z.core.$ZodLooseShape>(shape: S) {
  return z.object({ _links: links.optional(), ...shape });
}

/** One page of a collection. `count` is the number of all members, `size` of those in this page. */
export function collection<const K extends string, T extends z.ZodType>(key: K, item: T) {
  // A computed key widens to `string`; the record type says which one it is.
  const embedded = { [key]: z.array(item) } as Record<K, z.ZodArray<T>>;
  return z.object({
    _links: links,
    _embedded: z.object(embedded),
    count: z.number().optional(),
    size: z.number(),
  });
}

const limit = z.coerce
  .number<number | string>('expected a whole number from 1')
  .int('expected a whole number from 1')
  .min(1, 'expected a whole number from 1');

/** Larger limits are lowered to the largest page, not refused: clients send the biggest number they know. */
export const pageQuery = z.object({
  limit: limit.optional().meta({ description: 'Members of a page; 1,000 at most.' }),
  cursor: z.string().max(2048).optional().meta({ description: 'From `_links.next` of the page before.' }),
});

export const filterQuery = pageQuery.extend({
  filter: z.string().max(8192).optional().meta({ description: 'SCIM filter (RFC 7644 §3.4.2.2).' }),
});

/** Sent back by clients that PUT what they read, and meaningless: accepted as anything. */
export const text = (maximum: number) => z.string().min(1).max(maximum);

/** A property that may be absent or `null`: cleared by PUT in both cases, by PATCH only if it is `null`. */
export const clearable = <T extends z.ZodType>(type: T) => type.nullish();

export const configuration = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]),
);

/** The body of an action that needs none: an empty object, or nothing at all. */
export const empty = z.object({}).optional();
