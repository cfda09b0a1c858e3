/** Who am I (RFC 4532): the authorization identity in the response, `dn:...`, `u:...`, or empty for anonymous. */
export function parseWhoAmI(value: Buffer | undefined): string {
  return value === undefined ? '' : value.toString('utf8');
}
