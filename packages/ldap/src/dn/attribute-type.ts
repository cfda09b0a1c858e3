/**
 * Names under which one RDN attribute type appears: the table of RFC 4514 §3, the long names of RFC 4519 and the
 * mail attribute of PKCS #9. Only what is met in names; a schema knows the rest.
 */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ['2.5.4.3', 'cn'],
  ['commonname', 'cn'],
  ['2.5.4.4', 'sn'],
  ['surname', 'sn'],
  ['2.5.4.5', 'serialnumber'],
  ['2.5.4.6', 'c'],
  ['countryname', 'c'],
  ['2.5.4.7', 'l'],
  ['localityname', 'l'],
  ['2.5.4.8', 'st'],
  ['stateorprovincename', 'st'],
  ['2.5.4.9', 'street'],
  ['streetaddress', 'street'],
  ['2.5.4.10', 'o'],
  ['organizationname', 'o'],
  ['2.5.4.11', 'ou'],
  ['organizationalunitname', 'ou'],
  ['2.5.4.12', 'title'],
  ['2.5.4.42', 'givenname'],
  ['gn', 'givenname'],
  ['0.9.2342.19200300.100.1.1', 'uid'],
  ['userid', 'uid'],
  ['0.9.2342.19200300.100.1.25', 'dc'],
  ['domaincomponent', 'dc'],
  ['0.9.2342.19200300.100.1.3', 'mail'],
  ['rfc822mailbox', 'mail'],
  ['1.2.840.113549.1.9.1', 'emailaddress'],
  ['email', 'emailaddress'],
  ['e', 'emailaddress'],
  ['1.3.6.1.1.16.4', 'entryuuid'],
]);

/** A short name, or an OID; underscores because some servers' schemas have them. */
const ATTRIBUTE_TYPE = /^(?:[A-Za-z][A-Za-z0-9_-]*|(?:[Oo][Ii][Dd]\.)?(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*))*)$/;

export function isAttributeType(type: string): boolean {
  return ATTRIBUTE_TYPE.test(type);
}

/** The one name an attribute type is compared by: lower case, aliases and OIDs resolved, LDAPv2's `OID.` removed. */
export function attributeTypeKey(type: string): string {
  const lower = type.toLowerCase();
  const bare = lower.startsWith('oid.') ? lower.slice(4) : lower;
  return ALIASES.get(bare) ?? bare;
}
