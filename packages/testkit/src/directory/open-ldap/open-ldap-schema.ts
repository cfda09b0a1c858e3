import { parseAttributeRows, parseClassRow } from '../core/attribute-row.ts';
import { buildSchema } from '../core/build-schema.ts';
import type { DirectorySchema } from '../core/directory-schema.ts';
import { attributeTable, classRows } from './schema-rows.ts';

/** The schema of a slapd with core, cosine, inetorgperson, nis and dyngroup. */
export const openLdapSchema: DirectorySchema = buildSchema({
  attributes: parseAttributeRows(attributeTable),
  classes: classRows.map(parseClassRow),
  quotedSyntaxes: false,
});
