/** What an attribute is for (RFC 4512 §4.1.2). Everything but `userApplications` is operational. */
export type AttributeUsage =
  | 'userApplications'
  | 'directoryOperation'
  | 'distributedOperation'
  | 'dSAOperation';

/** An attribute type as a server's subschema defines it, before inheritance. */
export interface AttributeTypeDefinition {
  readonly oid: string;
  readonly names: readonly string[];
  readonly description: string | undefined;
  readonly superior: string | undefined;
  /** Matching rules by name or OID. */
  readonly equality: string | undefined;
  readonly ordering: string | undefined;
  readonly substring: string | undefined;
  /** OID of the syntax, without the length. */
  readonly syntax: string | undefined;
  readonly isSingleValued: boolean;
  /** Set by the server alone (`NO-USER-MODIFICATION`). */
  readonly isReadOnly: boolean;
  readonly isObsolete: boolean;
  readonly usage: AttributeUsage;
}

export type ObjectClassKind = 'abstract' | 'structural' | 'auxiliary';

export interface ObjectClassDefinition {
  readonly oid: string;
  readonly names: readonly string[];
  readonly description: string | undefined;
  readonly superiors: readonly string[];
  readonly kind: ObjectClassKind;
  readonly must: readonly string[];
  readonly may: readonly string[];
  readonly isObsolete: boolean;
}

export interface MatchingRuleDefinition {
  readonly oid: string;
  readonly names: readonly string[];
  /** OID of the syntax of assertion values. */
  readonly syntax: string | undefined;
}

export interface SyntaxDefinition {
  readonly oid: string;
  readonly description: string | undefined;
  /** The server says that values are no text (`X-NOT-HUMAN-READABLE`). */
  readonly isBinary: boolean;
}

/** Everything a subschema entry defines that this package uses. */
export interface SchemaDefinitions {
  readonly attributeTypes: readonly AttributeTypeDefinition[];
  readonly objectClasses: readonly ObjectClassDefinition[];
  readonly matchingRules: readonly MatchingRuleDefinition[];
  readonly syntaxes: readonly SyntaxDefinition[];
}
