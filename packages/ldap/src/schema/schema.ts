import {
  type ComparisonKind,
  isBinarySyntax,
  kindOfSyntax,
  type MatchingRule,
  readMatchingRule,
} from './comparison.ts';
import type { AttributeTypeDefinition, ObjectClassDefinition, SchemaDefinitions } from './definition.ts';

/** Deeper chains of superiors are a loop or a mistake. */
const MAX_CHAIN = 32;

/** An attribute type with everything its superiors pass on. */
export interface AttributeType {
  readonly oid: string;
  /** The name to show: the first defined, or the OID. */
  readonly name: string;
  readonly names: readonly string[];
  /** OID of the syntax, its own or inherited. */
  readonly syntax: string | undefined;
  /** How values are tested for equality; undefined when the schema gives no way. */
  readonly equality: ComparisonKind | undefined;
  readonly ordering: ComparisonKind | undefined;
  readonly substring: ComparisonKind | undefined;
  readonly isSingleValued: boolean;
  /** Maintained by the server and sent only on request. */
  readonly isOperational: boolean;
  /** Cannot be written. */
  readonly isReadOnly: boolean;
  /** Values are bytes, not text. */
  readonly isBinary: boolean;
}

export interface ObjectClass extends ObjectClassDefinition {
  readonly name: string;
}

/** What is known of a directory's schema. Names, aliases and OIDs are found in any case; options are ignored. */
export interface Schema {
  /**
   * Whether all attributes of the directory are here, so that a name not found does not exist. False for the built-in
   * schema, which must not declare a vendor's attribute undefined.
   */
  readonly isComplete: boolean;
  attribute(nameOrOid: string): AttributeType | undefined;
  objectClass(nameOrOid: string): ObjectClass | undefined;
  /** The matching rule of this name or OID, if it is one this package can evaluate. */
  matchingRule(nameOrOid: string): MatchingRule | undefined;
  /** The attribute and its direct and indirect superiors, nearest first. */
  attributeChain(nameOrOid: string): readonly AttributeType[];
  /** The attribute's subtypes, direct and indirect, itself first. */
  subtypes(nameOrOid: string): readonly AttributeType[];
  /** The class and its direct and indirect superclasses, nearest first, each once. */
  classChain(nameOrOid: string): readonly ObjectClass[];
  /** Names (never OIDs) of the attributes an entry of these classes must have, superclasses included. */
  requiredAttributes(classes: readonly string[]): readonly string[];
  /** Names of the attributes an entry of these classes may or must have. */
  allowedAttributes(classes: readonly string[]): readonly string[];
  readonly attributeTypes: readonly AttributeType[];
  readonly objectClasses: readonly ObjectClass[];
}

/** Builds the lookups. A later definition of the same name or OID replaces an earlier one. */
export function makeSchema(definitions: SchemaDefinitions, isComplete: boolean): Schema {
  const attributeDefinitions = index(definitions.attributeTypes);
  const classes = index(
    definitions.objectClasses.map((definition) => ({
      ...definition,
      name: definition.names[0] ?? definition.oid,
    })),
  );
  const ruleDefinitions = index(definitions.matchingRules);
  const binarySyntaxes = new Set(
    definitions.syntaxes.filter((syntax) => syntax.isBinary).map((syntax) => syntax.oid),
  );

  /** A server may know a standard rule under a name of its own: then its OID tells. */
  function matchingRule(nameOrOid: string): MatchingRule | undefined {
    return readMatchingRule(nameOrOid) ?? readMatchingRule(ruleDefinitions.get(keyOf(nameOrOid))?.oid ?? '');
  }

  function resolve(definition: AttributeTypeDefinition): AttributeType {
    const chain = definitionChain(definition.oid, attributeDefinitions);
    const syntax = chain.find((link) => link.syntax !== undefined)?.syntax;
    return {
      oid: definition.oid,
      name: definition.names[0] ?? definition.oid,
      names: definition.names,
      syntax,
      ...comparisonsOf(chain, syntax, matchingRule),
      isSingleValued: definition.isSingleValued,
      isOperational: definition.usage !== 'userApplications',
      isReadOnly: definition.isReadOnly,
      isBinary: syntax !== undefined && (isBinarySyntax(syntax) || binarySyntaxes.has(syntax)),
    };
  }

  const resolved = new Map<AttributeTypeDefinition, AttributeType>();
  for (const definition of new Set(attributeDefinitions.values()))
    resolved.set(definition, resolve(definition));
  const attributeTypes = [...resolved.values()];

  function attribute(nameOrOid: string): AttributeType | undefined {
    const definition = attributeDefinitions.get(keyOf(nameOrOid));
    return definition === undefined ? undefined : resolved.get(definition);
  }

  function attributeChain(nameOrOid: string): readonly AttributeType[] {
    return definitionChain(nameOrOid, attributeDefinitions).flatMap(
      (definition) => resolved.get(definition) ?? [],
    );
  }

  const subtypesByType = new Map<AttributeType, AttributeType[]>();
  for (const type of attributeTypes) {
    for (const superior of attributeChain(type.oid)) {
      const subtypes = subtypesByType.get(superior) ?? [];
      if (superior === type) subtypes.unshift(type);
      else subtypes.push(type);
      subtypesByType.set(superior, subtypes);
    }
  }

  function classChain(nameOrOid: string): readonly ObjectClass[] {
    const chain = new Set<ObjectClass>();
    let level = [nameOrOid];
    for (let depth = 0; level.length > 0 && depth < MAX_CHAIN; depth += 1) {
      const found = level
        .flatMap((name) => classes.get(keyOf(name)) ?? [])
        .filter((item) => !chain.has(item));
      for (const item of found) chain.add(item);
      level = found.flatMap((item) => item.superiors);
    }
    return [...chain];
  }

  function attributesOfClasses(
    names: readonly string[],
    parts: readonly ('must' | 'may')[],
  ): readonly string[] {
    const found = new Map<string, string>();
    for (const item of names.flatMap(classChain)) {
      for (const name of parts.flatMap((part) => item[part])) {
        const shown = attribute(name)?.name ?? name;
        found.set(shown.toLowerCase(), shown);
      }
    }
    return [...found.values()];
  }

  return {
    isComplete,
    attributeTypes,
    objectClasses: [...new Set(classes.values())],
    attribute,
    attributeChain,
    subtypes: (nameOrOid) => {
      const type = attribute(nameOrOid);
      return type === undefined ? [] : (subtypesByType.get(type) ?? [type]);
    },
    objectClass: (nameOrOid) => classes.get(keyOf(nameOrOid)),
    matchingRule,
    classChain,
    requiredAttributes: (names) => attributesOfClasses(names, ['must']),
    allowedAttributes: (names) => attributesOfClasses(names, ['must', 'may']),
  };
}

function index<T extends { readonly oid: string; readonly names: readonly string[] }>(
  definitions: readonly T[],
): ReadonlyMap<string, T> {
  const byKey = new Map<string, T>();
  for (const definition of definitions) {
    for (const key of [definition.oid, ...definition.names]) byKey.set(key.toLowerCase(), definition);
  }
  return byKey;
}

function keyOf(nameOrOid: string): string {
  const semicolon = nameOrOid.indexOf(';');
  return (semicolon === -1 ? nameOrOid : nameOrOid.slice(0, semicolon)).toLowerCase();
}

function definitionChain(
  nameOrOid: string,
  definitions: ReadonlyMap<string, AttributeTypeDefinition>,
): readonly AttributeTypeDefinition[] {
  const chain: AttributeTypeDefinition[] = [];
  let next: string | undefined = nameOrOid;
  while (next !== undefined && chain.length < MAX_CHAIN) {
    const definition = definitions.get(keyOf(next));
    if (definition === undefined || chain.includes(definition)) break;
    chain.push(definition);
    next = definition.superior;
  }
  return chain;
}

function comparisonsOf(
  chain: readonly AttributeTypeDefinition[],
  syntax: string | undefined,
  matchingRule: (nameOrOid: string) => MatchingRule | undefined,
): Pick<AttributeType, 'equality' | 'ordering' | 'substring'> {
  const kindOf = (rule: string | undefined) => (rule === undefined ? undefined : matchingRule(rule)?.kind);
  const equalityRule = chain.find((link) => link.equality !== undefined)?.equality;
  const orderingRule = chain.find((link) => link.ordering !== undefined)?.ordering;
  const substringRule = chain.find((link) => link.substring !== undefined)?.substring;
  const bySyntax = syntax === undefined ? undefined : kindOfSyntax(syntax);
  const equality = equalityRule === undefined ? bySyntax : kindOf(equalityRule);
  // Active Directory publishes no rules at all and compares, orders and searches by syntax.
  const isWithoutRules = equalityRule === undefined;
  return {
    equality,
    ordering:
      kindOf(orderingRule) ?? (isWithoutRules || isInherentlyOrdered(equality) ? equality : undefined),
    substring: kindOf(substringRule) ?? (isWithoutRules && isText(equality) ? equality : undefined),
  };
}

/** Numbers and times are ordered even where RFC 2307 and others forgot to name an ordering rule. */
function isInherentlyOrdered(kind: ComparisonKind | undefined): boolean {
  return kind === 'integer' || kind === 'generalizedTime' || kind === 'utcTime';
}

function isText(kind: ComparisonKind | undefined): boolean {
  return (
    kind === 'caseIgnore' ||
    kind === 'caseExact' ||
    kind === 'caseIgnoreList' ||
    kind === 'numericString' ||
    kind === 'octetString' ||
    kind === 'telephoneNumber'
  );
}
