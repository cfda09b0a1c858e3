import { parseAttributeRows, words } from '../core/attribute-row.ts';
import { buildSchema } from '../core/build-schema.ts';
import type { DirectorySchema } from '../core/directory-schema.ts';
import { attributeTable } from './attribute-rows.ts';
import { classRows } from './class-rows.ts';

/** Active Directory's schema as far as identity work meets it. */
export const activeDirectorySchema: DirectorySchema = buildSchema({
  attributes: parseAttributeRows(attributeTable),
  classes: classRows.map((row) => ({
    name: row.name,
    oid: row.oid,
    superior: row.superior,
    kind: row.kind,
    auxiliary: words(row.auxiliary),
    must: words(row.must),
    may: words(row.may),
    under: words(row.under),
    category: row.category,
  })),
  quotedSyntaxes: true,
});
