import { buildSchema } from '../core/build-schema.ts';
import type { AttributeRule, AttributeSyntax, DirectorySchema } from '../core/directory-schema.ts';
import { attributeTable, classRows, syntaxes } from './schema-rows.ts';

/** The schema of a slapd with core, cosine and inetorgperson. */
export const openLdapSchema: DirectorySchema = buildSchema({
  attributes: attributeTable.trim().split('\n').map(parseRow),
  classes: classRows.map(([name, oid, superior, kind, must, may]) => ({
    name,
    oid,
    superior,
    kind,
    auxiliary: [],
    must: words(must),
    may: words(may),
    under: undefined,
    category: undefined,
  })),
  quotedSyntaxes: false,
});

function parseRow(row: string): AttributeRule {
  const [name, oid, syntax, flags] = row.split(' ');
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
    operational: flags.includes('O'),
    keptOnTombstone: false,
    linkId: undefined,
  };
}

function isSyntax(word: string | undefined): word is AttributeSyntax {
  return word !== undefined && syntaxes.has(word);
}

function words(text: string): readonly string[] {
  return text.split(' ').filter((word) => word !== '');
}
