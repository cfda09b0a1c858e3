import type { AttributeValues, Control, Modification } from '../message/message.ts';

/** What one record of an LDIF file says (RFC 2849): an entry, or a change to one. */
export type LdifRecord = LdifEntry | LdifChange;

export interface LdifEntry {
  readonly kind: 'entry';
  readonly dn: string;
  readonly attributes: readonly AttributeValues<Buffer>[];
}

export type LdifChange =
  | {
      readonly kind: 'add';
      readonly dn: string;
      readonly controls: readonly Control[];
      readonly attributes: readonly AttributeValues<Buffer>[];
    }
  | { readonly kind: 'delete'; readonly dn: string; readonly controls: readonly Control[] }
  | {
      readonly kind: 'modify';
      readonly dn: string;
      readonly controls: readonly Control[];
      readonly modifications: readonly Modification<Buffer>[];
    }
  | {
      readonly kind: 'modifyDn';
      readonly dn: string;
      readonly controls: readonly Control[];
      readonly newRdn: string;
      readonly deleteOldRdn: boolean;
      readonly newSuperior: string | undefined;
    };
