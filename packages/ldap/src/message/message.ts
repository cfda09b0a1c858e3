import type { OctetsInput } from '../ber/ber-writer.ts';
import type { Filter } from '../filter/filter.ts';

/** A control on a message (RFC 4511 §4.1.11). `value` is the encoded controlValue, absent if the control has none. */
export interface Control {
  readonly oid: string;
  readonly critical: boolean;
  readonly value?: Buffer;
}

/** One attribute with its values. `type` is the attribute description, options included (`userCertificate;binary`). */
export interface AttributeValues<V = OctetsInput> {
  readonly type: string;
  readonly values: readonly V[];
}

export type ModificationKind = 'add' | 'delete' | 'replace' | 'increment';

/** One change of a modify request; `increment` is RFC 4525. */
export interface Modification<V = OctetsInput> extends AttributeValues<V> {
  readonly operation: ModificationKind;
}

/** The LDAPResult components that every response carries (RFC 4511 §4.1.9). */
export interface ResultFields {
  readonly resultCode: number;
  readonly matchedDn: string;
  readonly diagnosticMessage: string;
  /** Absent and empty are the same: the server named no other place. */
  readonly referrals: readonly string[];
}

export type BindAuthentication<V = OctetsInput> =
  | { readonly kind: 'simple'; readonly password: V }
  | { readonly kind: 'sasl'; readonly mechanism: string; readonly credentials?: V };

export interface BindRequestOp<V = OctetsInput> {
  readonly kind: 'bindRequest';
  readonly version: number;
  readonly dn: string;
  readonly authentication: BindAuthentication<V>;
}

export interface UnbindRequestOp {
  readonly kind: 'unbindRequest';
}

export type DerefAliases = 'never' | 'searching' | 'finding' | 'always';

export interface SearchRequestOp {
  readonly kind: 'searchRequest';
  readonly base: string;
  readonly scope: 'base' | 'one' | 'sub';
  readonly derefAliases: DerefAliases;
  /** Entries; 0 = no limit. */
  readonly sizeLimit: number;
  /** Seconds; 0 = no limit. */
  readonly timeLimitSeconds: number;
  readonly typesOnly: boolean;
  readonly filter: Filter;
  readonly attributes: readonly string[];
}

export interface ModifyRequestOp<V = OctetsInput> {
  readonly kind: 'modifyRequest';
  readonly dn: string;
  readonly changes: readonly Modification<V>[];
}

export interface AddRequestOp<V = OctetsInput> {
  readonly kind: 'addRequest';
  readonly dn: string;
  readonly attributes: readonly AttributeValues<V>[];
}

export interface DeleteRequestOp {
  readonly kind: 'deleteRequest';
  readonly dn: string;
}

export interface ModifyDnRequestOp {
  readonly kind: 'modifyDnRequest';
  readonly dn: string;
  readonly newRdn: string;
  readonly deleteOldRdn: boolean;
  readonly newSuperior?: string;
}

export interface CompareRequestOp<V = OctetsInput> {
  readonly kind: 'compareRequest';
  readonly dn: string;
  readonly attribute: string;
  readonly value: V;
}

export interface AbandonRequestOp {
  readonly kind: 'abandonRequest';
  readonly messageId: number;
}

export interface ExtendedRequestOp<V = OctetsInput> {
  readonly kind: 'extendedRequest';
  readonly oid: string;
  readonly value?: V;
}

export interface BindResponseOp<V = OctetsInput> extends ResultFields {
  readonly kind: 'bindResponse';
  readonly serverSaslCredentials?: V;
}

export interface SearchEntryOp<V = OctetsInput> {
  readonly kind: 'searchEntry';
  readonly dn: string;
  readonly attributes: readonly AttributeValues<V>[];
}

export interface SearchReferenceOp {
  readonly kind: 'searchReference';
  readonly uris: readonly string[];
}

/** The responses that carry nothing but a result. */
export interface PlainResponseOp extends ResultFields {
  readonly kind:
    | 'searchDone'
    | 'modifyResponse'
    | 'addResponse'
    | 'deleteResponse'
    | 'modifyDnResponse'
    | 'compareResponse';
}

export interface ExtendedResponseOp<V = OctetsInput> extends ResultFields {
  readonly kind: 'extendedResponse';
  readonly oid?: string;
  readonly value?: V;
}

export interface IntermediateResponseOp<V = OctetsInput> {
  readonly kind: 'intermediateResponse';
  readonly oid?: string;
  readonly value?: V;
}

/** What a client sends. With `V = Buffer`, as decoded. */
export type LdapRequest<V = OctetsInput> =
  | BindRequestOp<V>
  | UnbindRequestOp
  | SearchRequestOp
  | ModifyRequestOp<V>
  | AddRequestOp<V>
  | DeleteRequestOp
  | ModifyDnRequestOp
  | CompareRequestOp<V>
  | AbandonRequestOp
  | ExtendedRequestOp<V>;

/** What a server sends. With `V = Buffer`, as decoded. */
export type LdapResponse<V = OctetsInput> =
  | BindResponseOp<V>
  | SearchEntryOp<V>
  | SearchReferenceOp
  | PlainResponseOp
  | ExtendedResponseOp<V>
  | IntermediateResponseOp<V>;

/** One LDAP message (RFC 4511 §4.1.1). Decoded values are views into the buffer that was decoded. */
export interface LdapMessage<V = OctetsInput> {
  readonly messageId: number;
  readonly op: LdapRequest<V> | LdapResponse<V>;
  readonly controls: readonly Control[];
}
