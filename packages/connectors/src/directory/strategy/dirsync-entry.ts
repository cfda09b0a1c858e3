import {
  type LazyEntry,
  parseAttributeDescription,
  parseExtendedDn,
  parseLdapBoolean,
} from '@sallyport/ldap';
import type { DirectoryContext } from '../directory-context.ts';
import { dnReference } from '../group/reference.ts';
import type { MemberChange } from './member-deltas.ts';

/** What one entry of a DirSync answer says of its object. */
export type DirSyncNews =
  | { readonly kind: 'deleted'; readonly key: string; readonly lastParent: string | undefined }
  | {
      readonly kind: 'changed';
      readonly key: string;
      readonly dn: string;
      /** Something beside the values below: the object has to be read. */
      readonly more: boolean;
      /** The names of the attributes that changed, in lower case. */
      readonly attributes: readonly string[];
      readonly members: readonly MemberChange[];
    };

/** Sent with each object, changed or not. */
const ALWAYS_SENT = new Set(['objectguid', 'instancetype']);

/**
 * Reads an entry of a DirSync answer with INCREMENTAL_VALUES ([MS-ADTS] 3.1.1.3.4.1.3) and extended DNs: only what changed is there. In
 * `member;range=1-1` are values that came and in `member;range=0-0` those that went. Values without such a range are the
 * whole list, as for values older than linked-value replication: then the group has to be read.
 */
export function readDirSyncEntry(context: DirectoryContext, entry: LazyEntry): DirSyncNews | undefined {
  const { dialect } = context;
  const guid = entry.bytes(dialect.keyAttribute);
  if (guid === undefined) return undefined;
  const key = dialect.keyText(guid);
  const deleted = entry.first('isDeleted');
  if (deleted !== undefined && parseLdapBoolean(deleted))
    return { kind: 'deleted', key, lastParent: plainDn(entry.first('lastKnownParent')) };

  const memberTypes = dialect.memberAttributes.dns.map((name) => name.toLowerCase());
  const members: MemberChange[] = [];
  const attributes: string[] = [];
  let more = false;
  let bare = false;
  for (const { type, values } of entry.attributes()) {
    const { type: name, range } = parseAttributeDescription(type);
    if (ALWAYS_SENT.has(name)) continue;
    attributes.push(name);
    if (!memberTypes.includes(name)) more = true;
    else if (range?.first === range?.last && (range?.first === 0 || range?.first === 1))
      for (const bytes of values) {
        const { dn, guid } = parseExtendedDn(bytes.toString('utf8'));
        members.push({ reference: dnReference(dn), value: dn, key: guid, came: range.first === 1 });
      }
    // An empty `member` may stand beside its ranges; alone it means that the whole list went.
    else if (values.length > 0) more = true;
    else bare = true;
  }
  return {
    kind: 'changed',
    key,
    dn: parseExtendedDn(entry.dn).dn,
    more: more || (bare && members.length === 0),
    attributes,
    members,
  };
}

function plainDn(extended: string | undefined): string | undefined {
  return extended === undefined ? undefined : parseExtendedDn(extended).dn;
}
