import {
  type AttributeValues,
  CONTROL_OID,
  type Control,
  type Filter,
  findControl,
  makeSoftDeletedEntryAccessControl,
} from '@sallyport/ldap';
import { utf8 } from '../core/attribute-values.ts';
import type { Caller } from '../core/caller.ts';
import type { DirectoryEntry } from '../core/directory-entry.ts';
import type { Selection } from '../core/directory-manner.ts';
import type { SearchJob } from '../core/search-job.ts';
import type { PdGroups } from './pd-groups.ts';
import { type PdServer, softDeleteAccess, softDeleteClass } from './pd-server.ts';

/** Attributes that are there to mark a soft delete: not part of the undeleted form. */
const softDeleteKeys = /^ds-soft-delete-/;

/** All values of an attribute, computed ones included. */
export function pdValuesOf(
  server: PdServer,
  groups: PdGroups,
  entry: DirectoryEntry,
  key: string,
): readonly Buffer[] {
  switch (key) {
    case 'entrydn':
      return [utf8(entry.dn)];
    case 'hassubordinates':
      return [utf8(entry.children.size > 0 ? 'TRUE' : 'FALSE')];
    case 'subschemasubentry':
      return [utf8(server.subschema.dn)];
    case 'ismemberof':
      return names(groups.groupsOf(entry));
    case 'isdirectmemberof':
      return names(groups.directGroupsOf(entry));
    case 'member':
    case 'uniquemember': {
      const target = groups.targetOf(entry);
      if (target === undefined || server.options.showVirtualMembers !== true) return entry.values(key);
      return names(groups.membersOf(target));
    }
    default:
      return entry.values(key);
  }
}

/** `*` = user attributes, `+` = operational ones (RFC 3673), otherwise by name. */
export function readPdEntry(
  server: PdServer,
  groups: PdGroups,
  entry: DirectoryEntry,
  selection: Selection,
): AttributeValues<Buffer>[] {
  const { controls, typesOnly } = selection;
  const isUndeleted = isShownUndeleted(server, entry, controls);
  const result: AttributeValues<Buffer>[] = [];
  for (const key of selectedKeys(server, entry, selection.attributes)) {
    const rule = server.schema.attribute(key);
    if (rule === undefined || (isUndeleted && softDeleteKeys.test(key))) continue;
    if (
      findControl(
        controls,
        rule.constructed ? CONTROL_OID.realAttributesOnly : CONTROL_OID.virtualAttributesOnly,
      )
    )
      continue;
    const all = pdValuesOf(server, groups, entry, key);
    const isHiddenClass = (value: Buffer) => isUndeleted && value.toString() === softDeleteClass;
    const values = key === 'objectclass' ? all.filter((value) => !isHiddenClass(value)) : all;
    if (values.length > 0) result.push({ type: rule.name, values: typesOnly ? [] : values });
  }
  return result;
}

/** The name an entry goes out under: that before the soft delete if the client wants to see it so. */
export function shownPdDn(server: PdServer, entry: DirectoryEntry, controls: readonly Control[]): string {
  return (
    (isShownUndeleted(server, entry, controls) ? entry.text('ds-soft-delete-from-dn') : undefined) ?? entry.dn
  );
}

/** Without the right, the changelog is not there; soft-deleted entries are there for who may see them and asks. */
export function isVisibleInPd(
  server: PdServer,
  caller: Caller,
  entry: DirectoryEntry,
  controls: readonly Control[],
): boolean {
  if (!caller.rights.read) return false;
  if (entry.context === server.changelog.head) return server.changelog.isEnabled && caller.rights.replicate;
  const access = softDeleteAccess(controls);
  if (server.isSoftDeleted(entry)) return access !== undefined && caller.rights.readDeleted;
  return access?.includeOthers ?? true;
}

/**
 * Two more ways to ask for soft-deleted entries than the control: by the entry's own name as the base, and by a filter on
 * their class.
 */
export function prepareSoftDeletedSearch(server: PdServer, job: SearchJob): SearchJob {
  const { request, controls } = job;
  if (softDeleteAccess(controls) !== undefined) return job;
  const named = server.store.resolve(server.parseName(request.base));
  const isNamed = named !== undefined && server.isSoftDeleted(named);
  if (!isNamed && !asksForSoftDeleted(request.filter)) return job;
  const access = makeSoftDeletedEntryAccessControl({ includeOthers: true, undeletedForm: false });
  return { ...job, controls: [...controls, access] };
}

function asksForSoftDeleted(filter: Filter): boolean {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.filters.some(asksForSoftDeleted);
    case 'equality':
      return (
        filter.attribute.toLowerCase() === 'objectclass' &&
        filter.value.toString().toLowerCase() === softDeleteClass
      );
    default:
      return false;
  }
}

function isShownUndeleted(server: PdServer, entry: DirectoryEntry, controls: readonly Control[]): boolean {
  return server.isSoftDeleted(entry) && softDeleteAccess(controls)?.undeletedForm === true;
}

function selectedKeys(
  server: PdServer,
  entry: DirectoryEntry,
  attributes: readonly string[],
): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const name of attributes.length === 0 ? ['*'] : attributes) {
    if (name === '*') {
      for (const key of entry.attributes.keys())
        if (server.schema.attribute(key)?.operational === false) keys.add(key);
    } else if (name === '+') {
      for (const rule of server.schema.attributes) if (rule.operational) keys.add(rule.key);
    } else {
      const rule = server.schema.attribute(name.split(';')[0] ?? name);
      if (rule !== undefined) keys.add(rule.key);
    }
  }
  return keys;
}

function names(entries: Iterable<DirectoryEntry>): readonly Buffer[] {
  return Array.from(entries, (entry) => utf8(entry.dn));
}
