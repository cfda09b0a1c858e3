/** Universal tags that LDAP uses (X.690 §8; RFC 4511 §5.1). LDAP never needs a tag number above 30. */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  octetString: 0x04,
  null: 0x05,
  enumerated: 0x0a,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Context-specific primitive tag `[n]`. */
export function contextTag(number: number): number {
  return 0x80 | number;
}

/** Context-specific constructed tag `[n]`. */
export function contextConstructedTag(number: number): number {
  return 0xa0 | number;
}

/** How a tag is shown in an error, e.g. `0x30`. */
export function tagName(tag: number): string {
  return `0x${tag.toString(16).padStart(2, '0')}`;
}
