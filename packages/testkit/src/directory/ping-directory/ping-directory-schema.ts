import { parseAttributeRows, parseClassRow } from '../core/attribute-row.ts';
import { buildSchema } from '../core/build-schema.ts';
import type { DirectorySchema } from '../core/directory-schema.ts';
import { attributeTable, classRows } from '../open-ldap/schema-rows.ts';
import { pdAttributeTable, pdClassRows } from './pd-schema-rows.ts';

const own = parseAttributeRows(pdAttributeTable);
const ownKeys = new Set(own.map(({ key }) => key));
const ownClasses = new Set(pdClassRows.map(([name]) => name));

/** The schema of a PingDirectory as it comes: the user schema every server has, its own groups, soft deletes and changelog. */
export const pingDirectorySchema: DirectorySchema = buildSchema({
  attributes: [
    ...own,
    ...parseAttributeRows(attributeTable).filter((rule) => !rule.operational && !ownKeys.has(rule.key)),
  ],
  classes: [...classRows.filter(([name]) => !ownClasses.has(name)), ...pdClassRows].map(parseClassRow),
  quotedSyntaxes: false,
});
