/** How two values of an attribute are compared: what the many matching rules come down to. */
export type ComparisonKind =
  | 'bitString'
  | 'boolean'
  | 'caseExact'
  | 'caseIgnore'
  | 'caseIgnoreList'
  | 'distinguishedName'
  | 'dnWithBinary'
  | 'generalizedTime'
  | 'integer'
  | 'nameAndOptionalUid'
  | 'numericString'
  | 'objectIdentifier'
  | 'octetString'
  | 'telephoneNumber'
  | 'utcTime'
  | 'uuid';

export interface MatchingRule {
  readonly kind: ComparisonKind;
  readonly operation: 'equality' | 'ordering' | 'substring';
}

const SYNTAX = '1.3.6.1.4.1.1466.115.121.1';

/** RFC 4517 §4, RFC 4530, RFC 2798/2307's and those of the servers; by lower-case name and by OID. */
const RULES: ReadonlyMap<string, MatchingRule> = new Map(
  [
    rule('2.5.13.0 objectIdentifierMatch', 'objectIdentifier'),
    rule('2.5.13.1 distinguishedNameMatch', 'distinguishedName'),
    rule('2.5.13.2 caseIgnoreMatch', 'caseIgnore'),
    rule('2.5.13.3 caseIgnoreOrderingMatch', 'caseIgnore', 'ordering'),
    rule('2.5.13.4 caseIgnoreSubstringsMatch', 'caseIgnore', 'substring'),
    rule('2.5.13.5 caseExactMatch', 'caseExact'),
    rule('2.5.13.6 caseExactOrderingMatch', 'caseExact', 'ordering'),
    rule('2.5.13.7 caseExactSubstringsMatch', 'caseExact', 'substring'),
    rule('2.5.13.8 numericStringMatch', 'numericString'),
    rule('2.5.13.9 numericStringOrderingMatch', 'numericString', 'ordering'),
    rule('2.5.13.10 numericStringSubstringsMatch', 'numericString', 'substring'),
    rule('2.5.13.11 caseIgnoreListMatch', 'caseIgnoreList'),
    rule('2.5.13.12 caseIgnoreListSubstringsMatch', 'caseIgnoreList', 'substring'),
    rule('2.5.13.13 booleanMatch', 'boolean'),
    rule('2.5.13.14 integerMatch', 'integer'),
    rule('2.5.13.15 integerOrderingMatch', 'integer', 'ordering'),
    rule('2.5.13.16 bitStringMatch', 'bitString'),
    rule('2.5.13.17 octetStringMatch', 'octetString'),
    rule('2.5.13.18 octetStringOrderingMatch', 'octetString', 'ordering'),
    rule('2.5.13.19 octetStringSubstringsMatch', 'octetString', 'substring'),
    rule('2.5.13.20 telephoneNumberMatch', 'telephoneNumber'),
    rule('2.5.13.21 telephoneNumberSubstringsMatch', 'telephoneNumber', 'substring'),
    rule('2.5.13.23 uniqueMemberMatch', 'nameAndOptionalUid'),
    rule('2.5.13.25 utcTimeMatch', 'utcTime'),
    rule('2.5.13.26 utcTimeOrderingMatch', 'utcTime', 'ordering'),
    rule('2.5.13.27 generalizedTimeMatch', 'generalizedTime'),
    rule('2.5.13.28 generalizedTimeOrderingMatch', 'generalizedTime', 'ordering'),
    rule('1.3.6.1.4.1.1466.109.114.1 caseExactIA5Match', 'caseExact'),
    rule('1.3.6.1.4.1.1466.109.114.2 caseIgnoreIA5Match', 'caseIgnore'),
    rule('1.3.6.1.4.1.1466.109.114.3 caseIgnoreIA5SubstringsMatch', 'caseIgnore', 'substring'),
    rule('1.3.6.1.4.1.4203.1.2.1 caseExactIA5SubstringsMatch', 'caseExact', 'substring'),
    rule('1.3.6.1.1.16.2 uuidMatch', 'uuid'),
    rule('1.3.6.1.1.16.3 uuidOrderingMatch', 'uuid', 'ordering'),
  ].flat(),
);

/** RFC 4517 §3.3 and [MS-ADTS] §3.1.1.2.2.2; string syntaxes without a rule compare as Active Directory does. */
const KIND_BY_SYNTAX: ReadonlyMap<string, ComparisonKind> = new Map([
  [`${SYNTAX}.3`, 'caseIgnore'],
  [`${SYNTAX}.4`, 'octetString'],
  [`${SYNTAX}.5`, 'octetString'],
  [`${SYNTAX}.6`, 'bitString'],
  [`${SYNTAX}.7`, 'boolean'],
  [`${SYNTAX}.8`, 'octetString'],
  [`${SYNTAX}.9`, 'octetString'],
  [`${SYNTAX}.10`, 'octetString'],
  [`${SYNTAX}.11`, 'caseIgnore'],
  [`${SYNTAX}.12`, 'distinguishedName'],
  [`${SYNTAX}.15`, 'caseIgnore'],
  [`${SYNTAX}.22`, 'telephoneNumber'],
  [`${SYNTAX}.23`, 'octetString'],
  [`${SYNTAX}.24`, 'generalizedTime'],
  [`${SYNTAX}.26`, 'caseExact'],
  [`${SYNTAX}.27`, 'integer'],
  [`${SYNTAX}.28`, 'octetString'],
  [`${SYNTAX}.34`, 'nameAndOptionalUid'],
  [`${SYNTAX}.36`, 'numericString'],
  [`${SYNTAX}.38`, 'objectIdentifier'],
  [`${SYNTAX}.40`, 'octetString'],
  [`${SYNTAX}.41`, 'caseIgnoreList'],
  [`${SYNTAX}.43`, 'distinguishedName'],
  [`${SYNTAX}.44`, 'caseExact'],
  [`${SYNTAX}.49`, 'octetString'],
  [`${SYNTAX}.50`, 'telephoneNumber'],
  [`${SYNTAX}.51`, 'octetString'],
  [`${SYNTAX}.53`, 'utcTime'],
  ['1.3.6.1.1.16.1', 'uuid'],
  ['1.2.840.113556.1.4.903', 'dnWithBinary'],
  ['1.2.840.113556.1.4.904', 'dnWithBinary'],
  ['1.2.840.113556.1.4.905', 'caseIgnore'],
  ['1.2.840.113556.1.4.906', 'integer'],
  ['1.2.840.113556.1.4.907', 'octetString'],
  ['1.2.840.113556.1.4.1221', 'caseIgnore'],
  ['1.2.840.113556.1.4.1362', 'caseExact'],
]);

/** Syntaxes whose values are bytes, not text: audio, binary, certificates, fax, JPEG, octets, security descriptor. */
const BINARY_SYNTAXES: ReadonlySet<string> = new Set([
  ...['4', '5', '8', '9', '10', '23', '28', '40', '49', '51'].map((last) => `${SYNTAX}.${last}`),
  '1.2.840.113556.1.4.907',
]);

/** The rule of this name or OID, if it is one that can be evaluated here. */
export function readMatchingRule(nameOrOid: string): MatchingRule | undefined {
  return RULES.get(nameOrOid.toLowerCase());
}

/** How values of a syntax compare when no rule is given. */
export function kindOfSyntax(syntaxOid: string): ComparisonKind | undefined {
  return KIND_BY_SYNTAX.get(syntaxOid);
}

export function isBinarySyntax(syntaxOid: string): boolean {
  return BINARY_SYNTAXES.has(syntaxOid);
}

function rule(
  oidAndName: string,
  kind: ComparisonKind,
  operation: MatchingRule['operation'] = 'equality',
): readonly (readonly [string, MatchingRule])[] {
  const matchingRule: MatchingRule = { kind, operation };
  return oidAndName
    .toLowerCase()
    .split(' ')
    .map((key) => [key, matchingRule] as const);
}
