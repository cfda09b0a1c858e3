/** How the values of an attribute can be understood; the names are those of the tables of the manners. */
export const ATTRIBUTE_SYNTAXES = [
  'text',
  'ia5',
  'exactString',
  'ignoreString',
  'numeric',
  'telephone',
  'oid',
  'dn',
  'dnBinary',
  'dnText',
  'boolean',
  /** RFC 4517 wants capitals; some products take any case and give back what they were given. */
  'anyCaseBoolean',
  'integer',
  'largeInteger',
  'octets',
  'sid',
  'uuid',
  'time',
  'address',
  'descriptor',
] as const;

export type AttributeSyntax = (typeof ATTRIBUTE_SYNTAXES)[number];

export interface AttributeRule {
  readonly name: string;
  /** Lower-case name: the key of stored attributes. */
  readonly key: string;
  readonly oid: string;
  readonly syntax: AttributeSyntax;
  readonly singleValued: boolean;
  /** Set by the server, never by clients. */
  readonly systemOnly: boolean;
  /** Made when read, not stored. */
  readonly constructed: boolean;
  /** Not part of `*` (RFC 4512 §3.4). */
  readonly operational: boolean;
  /** Active Directory: stays on the tombstone. */
  readonly keptOnTombstone: boolean;
  /** Active Directory: even = forward link, odd = the back link of the number below. */
  readonly linkId: number | undefined;
}

export interface ClassRule {
  readonly name: string;
  readonly key: string;
  readonly kind: 'STRUCTURAL' | 'ABSTRACT' | 'AUXILIARY';
  /** This class and all above it, from `top` downwards. */
  readonly chain: readonly string[];
  /** Keys of attributes, inherited ones and those of built-in auxiliary classes included. */
  readonly must: ReadonlySet<string>;
  readonly may: ReadonlySet<string>;
  /** Keys of classes it may lie below; undefined = anywhere. */
  readonly under: ReadonlySet<string> | undefined;
  /** Active Directory: RDN value of the default objectCategory. */
  readonly category: string | undefined;
}

/** The attribute types and object classes a directory knows. */
export interface DirectorySchema {
  /** By name or OID, in any case. */
  attribute(name: string): AttributeRule | undefined;
  objectClass(name: string): ClassRule | undefined;
  readonly attributes: Iterable<AttributeRule>;
  /** The definitions in the form of RFC 4512 §4.1, as the subschema entry shows them. */
  readonly definitions: {
    readonly attributeTypes: readonly string[];
    readonly objectClasses: readonly string[];
  };
}
