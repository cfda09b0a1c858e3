import type { AttributeRule, AttributeSyntax, ClassRule, DirectorySchema } from './directory-schema.ts';

export interface ClassDefinition {
  readonly name: string;
  readonly oid: string;
  readonly superior: string;
  readonly kind: ClassRule['kind'];
  readonly auxiliary: readonly string[];
  readonly must: readonly string[];
  readonly may: readonly string[];
  readonly under: readonly string[] | undefined;
  readonly category: string | undefined;
}

export interface SchemaParts {
  readonly attributes: readonly AttributeRule[];
  readonly classes: readonly ClassDefinition[];
  /** Active Directory quotes syntax OIDs and names no matching rules; everybody else does the opposite. */
  readonly quotedSyntaxes: boolean;
}

/** RFC 4517 §3.3 and [MS-ADTS] 3.1.1.2.2.2. */
const syntaxOids: Readonly<Record<AttributeSyntax, string>> = {
  text: '1.3.6.1.4.1.1466.115.121.1.15',
  ia5: '1.3.6.1.4.1.1466.115.121.1.26',
  exactString: '1.3.6.1.4.1.1466.115.121.1.44',
  ignoreString: '1.2.840.113556.1.4.905',
  numeric: '1.3.6.1.4.1.1466.115.121.1.36',
  telephone: '1.3.6.1.4.1.1466.115.121.1.50',
  oid: '1.3.6.1.4.1.1466.115.121.1.38',
  dn: '1.3.6.1.4.1.1466.115.121.1.12',
  dnBinary: '1.2.840.113556.1.4.903',
  dnText: '1.2.840.113556.1.4.904',
  boolean: '1.3.6.1.4.1.1466.115.121.1.7',
  anyCaseBoolean: '1.3.6.1.4.1.1466.115.121.1.7',
  integer: '1.3.6.1.4.1.1466.115.121.1.27',
  largeInteger: '1.2.840.113556.1.4.906',
  octets: '1.3.6.1.4.1.1466.115.121.1.40',
  sid: '1.3.6.1.4.1.1466.115.121.1.40',
  uuid: '1.3.6.1.1.16.1',
  time: '1.3.6.1.4.1.1466.115.121.1.24',
  address: '1.2.840.113556.1.4.1221',
  descriptor: '1.2.840.113556.1.4.907',
};

/** Matching rules by syntax, for schemas that name them: equality, ordering, substrings. */
const rules: Partial<Readonly<Record<AttributeSyntax, string>>> = {
  text: 'EQUALITY caseIgnoreMatch SUBSTR caseIgnoreSubstringsMatch',
  ia5: 'EQUALITY caseIgnoreIA5Match SUBSTR caseIgnoreIA5SubstringsMatch',
  exactString: 'EQUALITY caseExactMatch SUBSTR caseExactSubstringsMatch',
  numeric: 'EQUALITY numericStringMatch SUBSTR numericStringSubstringsMatch',
  telephone: 'EQUALITY telephoneNumberMatch SUBSTR telephoneNumberSubstringsMatch',
  oid: 'EQUALITY objectIdentifierMatch',
  dn: 'EQUALITY distinguishedNameMatch',
  boolean: 'EQUALITY booleanMatch',
  anyCaseBoolean: 'EQUALITY booleanMatch',
  integer: 'EQUALITY integerMatch ORDERING integerOrderingMatch',
  octets: 'EQUALITY octetStringMatch',
  uuid: 'EQUALITY uuidMatch ORDERING uuidOrderingMatch',
  time: 'EQUALITY generalizedTimeMatch ORDERING generalizedTimeOrderingMatch',
};

/** Puts the definitions of a manner together: lookups, inheritance, and the texts for the subschema entry. */
export function buildSchema(parts: SchemaParts): DirectorySchema {
  const attributes = new Map<string, AttributeRule>();
  for (const rule of parts.attributes) {
    attributes.set(rule.key, rule);
    attributes.set(rule.oid, rule);
  }
  const definitions = new Map(parts.classes.map((definition) => [definition.name.toLowerCase(), definition]));
  const classes = new Map<string, ClassRule>();
  for (const definition of parts.classes)
    classes.set(definition.name.toLowerCase(), resolve(definition, definitions));
  return {
    attribute: (name) => attributes.get(name.toLowerCase()),
    objectClass: (name) => classes.get(name.toLowerCase()),
    attributes: parts.attributes,
    definitions: {
      attributeTypes: parts.attributes.map((rule) => printAttribute(rule, parts.quotedSyntaxes)),
      objectClasses: parts.classes.map(printClass),
    },
  };
}

function resolve(definition: ClassDefinition, all: ReadonlyMap<string, ClassDefinition>): ClassRule {
  const lineage = lineageOf(definition, all);
  const contributing = lineage.flatMap((item) => [
    item,
    ...item.auxiliary.flatMap((name) => {
      const auxiliary = all.get(name.toLowerCase());
      return auxiliary === undefined ? [] : lineageOf(auxiliary, all);
    }),
  ]);
  const keys = (pick: (item: ClassDefinition) => readonly string[]) =>
    new Set(contributing.flatMap(pick).map((name) => name.toLowerCase()));
  const isPlaced = lineage.some((item) => item.under !== undefined);
  return {
    name: definition.name,
    key: definition.name.toLowerCase(),
    kind: definition.kind,
    chain: lineage.map((item) => item.name),
    must: keys((item) => item.must),
    may: keys((item) => item.may),
    under: isPlaced
      ? new Set(lineage.flatMap((item) => item.under ?? []).map((name) => name.toLowerCase()))
      : undefined,
    category: definition.category,
  };
}

/** From `top` down to the class itself. */
function lineageOf(
  definition: ClassDefinition,
  all: ReadonlyMap<string, ClassDefinition>,
): ClassDefinition[] {
  const superior =
    definition.name === definition.superior ? undefined : all.get(definition.superior.toLowerCase());
  return superior === undefined ? [definition] : [...lineageOf(superior, all), definition];
}

function printAttribute(rule: AttributeRule, quoted: boolean): string {
  const syntax = syntaxOids[rule.syntax];
  const matching = quoted ? undefined : rules[rule.syntax];
  return [
    `( ${rule.oid} NAME '${rule.name}'`,
    ...(matching === undefined ? [] : [matching]),
    quoted ? `SYNTAX '${syntax}'` : `SYNTAX ${syntax}`,
    ...(rule.singleValued ? ['SINGLE-VALUE'] : []),
    ...(rule.systemOnly ? ['NO-USER-MODIFICATION'] : []),
    ...(rule.operational ? ['USAGE directoryOperation'] : []),
    ')',
  ].join(' ');
}

function printClass(definition: ClassDefinition): string {
  const list = (word: string, names: readonly string[]) =>
    names.length === 0 ? [] : [`${word} ( ${names.join(' $ ')} )`];
  return [
    `( ${definition.oid} NAME '${definition.name}'`,
    ...(definition.name === 'top' ? [] : [`SUP ${definition.superior}`]),
    definition.kind,
    ...list('MUST', definition.must),
    ...list('MAY', definition.may),
    ')',
  ].join(' ');
}
