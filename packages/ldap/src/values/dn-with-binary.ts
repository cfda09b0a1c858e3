import { valueFault } from './value-fault.ts';

/** Value of the syntax "DN with binary" ([MS-ADTS] §3.1.1.2.2.2.4), e.g. of `wellKnownObjects`. */
export interface DnWithBinary {
  readonly bytes: Buffer;
  readonly dn: string;
}

/** Reads `B:<number of hex digits>:<hex>:<DN>`. @throws LdapTextError `VALUE_SYNTAX` */
export function parseDnWithBinary(text: string): DnWithBinary {
  const parts = /^B:(\d{1,9}):([0-9A-Fa-f]*):(.*)$/s.exec(text);
  const hex = parts?.[2];
  const dn = parts?.[3];
  if (hex === undefined || dn === undefined || hex.length !== Number(parts?.[1]) || hex.length % 2 !== 0) {
    throw valueFault('DN with binary', text, 'B:<number of hex digits>:<hex digits>:<DN>');
  }
  return { bytes: Buffer.from(hex, 'hex'), dn };
}

export function printDnWithBinary(value: DnWithBinary): string {
  const hex = value.bytes.toString('hex').toUpperCase();
  return `B:${hex.length}:${hex}:${value.dn}`;
}
