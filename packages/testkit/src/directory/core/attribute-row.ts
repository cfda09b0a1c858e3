import { ATTRIBUTE_SYNTAXES, type AttributeRule, type AttributeSyntax } from './directory-schema.ts';

const syntaxes: ReadonlySet<string> = new Set(ATTRIBUTE_SYNTAXES);

/**
 * Reads tables of `name OID syntax flags`, one attribute a line. Flags: S single-valued, R set by the server, O operational,
 * C computed, K kept on tombstones. Active Directory numbers its links in a fifth column.
 */
export function parseAttributeRows(table: string): readonly AttributeRule[] {
  return table.trim().split('\n').map(parseRow);
}

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
    operational: flags.includes('O'),
    keptOnTombstone: flags.includes('K'),
    linkId: link === undefined ? undefined : Number(link),
  };
}

function isSyntax(word: string | undefined): word is AttributeSyntax {
  return word !== undefined && syntaxes.has(word);
}

/** Class name, OID, superior, kind, must, may. */
export type ClassRow = readonly [
  string,
  string,
  string,
  'STRUCTURAL' | 'ABSTRACT' | 'AUXILIARY',
  string,
  string,
];

export function parseClassRow([name, oid, superior, kind, must, may]: ClassRow) {
  return {
    name,
    oid,
    superior,
    kind,
    auxiliary: [],
    must: words(must),
    may: words(may),
    under: undefined,
    category: undefined,
  };
}

/** A list with blanks between. */
export function words(text: string): readonly string[] {
  return text.split(' ').filter((word) => word !== '');
}
