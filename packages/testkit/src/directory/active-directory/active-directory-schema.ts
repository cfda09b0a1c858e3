import { buildSchema } from '../core/build-schema.ts';
import type { AttributeRule, AttributeSyntax, DirectorySchema } from '../core/directory-schema.ts';
import { attributeTable } from './attribute-rows.ts';
import { classRows } from './class-rows.ts';

const syntaxes: ReadonlySet<string> = new Set<AttributeSyntax>([
  'text',
  'ia5',
  'exactString',
  'ignoreString',
  'numeric',
  'oid',
  'dn',
  'dnBinary',
  'dnText',
  'boolean',
  'integer',
  'largeInteger',
  'octets',
  'sid',
  'time',
  'address',
  'descriptor',
]);

/** Active Directory's schema as far as identity work meets it. */
export const activeDirectorySchema: DirectorySchema = buildSchema({
  attributes: attributeTable.trim().split('\n').map(parseRow),
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

function parseRow(row: string): AttributeRule {
  const [name, oid, syntax, flags, link] = row.split(' ');
  if (name === undefined || oid === undefined || flags === undefined || !isSyntax(syntax)) {
    throw new SyntaxError(`Not an attribute row: "${row}".`);
  }
  return {
    name,
    key: name.toLowerCase(),
    oid,
    syntax,
    singleValued: flags.includes('S'),
    systemOnly: flags.includes('R'),
    constructed: flags.includes('C'),
    // Active Directory returns everything stored for `*`, its own bookkeeping included.
    operational: false,
    keptOnTombstone: flags.includes('K'),
    linkId: link === undefined ? undefined : Number(link),
  };
}

function isSyntax(word: string | undefined): word is AttributeSyntax {
  return word !== undefined && syntaxes.has(word);
}

function words(text: string): readonly string[] {
  return text.split(' ').filter((word) => word !== '');
}
