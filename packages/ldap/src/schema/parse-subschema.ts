import { LdapTextError } from '../values/text-error.ts';
import { parseAttributeType, parseMatchingRule, parseObjectClass, parseSyntax } from './parse-definition.ts';
import { makeSchema, type Schema } from './schema.ts';

/** The values of a subschema entry, as text. */
export interface SubschemaValues {
  readonly attributeTypes: readonly string[];
  readonly objectClasses: readonly string[];
  readonly matchingRules?: readonly string[];
  readonly ldapSyntaxes?: readonly string[];
}

export interface ParsedSubschema {
  readonly schema: Schema;
  /** Definitions that could not be read. The schema is usable without them; a person should know. */
  readonly faults: readonly SchemaFault[];
}

export interface SchemaFault {
  readonly definition: string;
  readonly error: LdapTextError;
}

/**
 * Reads the subschema entry that a root DSE's `subschemaSubentry` names. One broken definition never costs the others:
 * faults are handed back beside the schema. The schema counts as complete when it defines any attribute.
 */
export function parseSubschema(values: SubschemaValues): ParsedSubschema {
  const faults: SchemaFault[] = [];
  function parseAll<T>(
    definitions: readonly string[] | undefined,
    parse: (definition: string) => T,
  ): readonly T[] {
    return (definitions ?? []).flatMap((definition) => {
      try {
        return [parse(definition)];
      } catch (error) {
        if (!(error instanceof LdapTextError)) throw error;
        faults.push({ definition, error });
        return [];
      }
    });
  }
  const attributeTypes = parseAll(values.attributeTypes, parseAttributeType);
  const schema = makeSchema(
    {
      attributeTypes,
      objectClasses: parseAll(values.objectClasses, parseObjectClass),
      matchingRules: parseAll(values.matchingRules, parseMatchingRule),
      syntaxes: parseAll(values.ldapSyntaxes, parseSyntax),
    },
    attributeTypes.length > 0,
  );
  return { schema, faults };
}
