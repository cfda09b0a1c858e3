import type {
  AttributeTypeDefinition,
  AttributeUsage,
  MatchingRuleDefinition,
  ObjectClassDefinition,
  SyntaxDefinition,
} from './definition.ts';
import { type DefinitionFields, readFields } from './read-fields.ts';

/** Reads one value of `attributeTypes`. @throws LdapTextError `SCHEMA_SYNTAX` */
export function parseAttributeType(text: string): AttributeTypeDefinition {
  const definition = readFields(text);
  // The length bound behind a syntax OID (`{32768}`) is advice nobody enforces.
  const syntax = first(definition, 'SYNTAX')?.replace(/\{\d*\}$/, '');
  return {
    ...named(definition),
    superior: first(definition, 'SUP'),
    equality: first(definition, 'EQUALITY'),
    ordering: first(definition, 'ORDERING'),
    substring: first(definition, 'SUBSTR'),
    syntax,
    isSingleValued: definition.fields.has('SINGLE-VALUE'),
    isReadOnly: definition.fields.has('NO-USER-MODIFICATION'),
    isObsolete: definition.fields.has('OBSOLETE'),
    usage: readUsage(first(definition, 'USAGE')),
  };
}

/** Reads one value of `objectClasses`. @throws LdapTextError `SCHEMA_SYNTAX` */
export function parseObjectClass(text: string): ObjectClassDefinition {
  const definition = readFields(text);
  const { fields } = definition;
  return {
    ...named(definition),
    superiors: fields.get('SUP') ?? [],
    kind: fields.has('ABSTRACT') ? 'abstract' : fields.has('AUXILIARY') ? 'auxiliary' : 'structural',
    must: fields.get('MUST') ?? [],
    may: fields.get('MAY') ?? [],
    isObsolete: fields.has('OBSOLETE'),
  };
}

/** Reads one value of `matchingRules`. @throws LdapTextError `SCHEMA_SYNTAX` */
export function parseMatchingRule(text: string): MatchingRuleDefinition {
  const definition = readFields(text);
  return {
    oid: definition.oid,
    names: definition.fields.get('NAME') ?? [],
    syntax: first(definition, 'SYNTAX'),
  };
}

/** Reads one value of `ldapSyntaxes`. @throws LdapTextError `SCHEMA_SYNTAX` */
export function parseSyntax(text: string): SyntaxDefinition {
  const definition = readFields(text);
  return {
    oid: definition.oid,
    description: first(definition, 'DESC'),
    isBinary: first(definition, 'X-NOT-HUMAN-READABLE')?.toUpperCase() === 'TRUE',
  };
}

function named(definition: DefinitionFields): {
  readonly oid: string;
  readonly names: readonly string[];
  readonly description: string | undefined;
} {
  return {
    oid: definition.oid,
    names: definition.fields.get('NAME') ?? [],
    description: first(definition, 'DESC'),
  };
}

function first(definition: DefinitionFields, keyword: string): string | undefined {
  const value = definition.fields.get(keyword)?.[0];
  return value === '' ? undefined : value;
}

/** An unknown usage is read as the default, user application. */
function readUsage(usage: string | undefined): AttributeUsage {
  const usages: readonly AttributeUsage[] = ['directoryOperation', 'distributedOperation', 'dSAOperation'];
  return usages.find((known) => known.toLowerCase() === usage?.toLowerCase()) ?? 'userApplications';
}
