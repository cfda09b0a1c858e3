import {
  CONTROL_OID,
  EXTENDED_OID,
  type Filter,
  findControl,
  makeSoftDeleteResponseControl,
  parseGeneralizedTime,
  readDn,
} from '@sallyport/ldap';
import type { DirectoryEntry } from '../core/directory-entry.ts';
import type { CandidateSet, DirectoryManner, MannerLimits } from '../core/directory-manner.ts';
import { makeMatcher } from '../core/find-entries.ts';
import { answerChangelogBatch } from './pd-changelog-batch.ts';
import { PdGroups } from './pd-groups.ts';
import { answerPersistentSearch } from './pd-persistent-search.ts';
import { isVisibleInPd, pdValuesOf, prepareSoftDeletedSearch, readPdEntry, shownPdDn } from './pd-read.ts';
import { pdRefusals } from './pd-refusals.ts';
import { readPdRootDse } from './pd-root-dse.ts';
import { PdServer, type PdServerOptions } from './pd-server.ts';
import { removePdEntry, undelete } from './pd-soft-delete.ts';
import { addPdEntry, modifyPdDn, modifyPdEntry } from './pd-write.ts';

const supportedControls: ReadonlySet<string> = new Set([
  CONTROL_OID.pagedResults,
  CONTROL_OID.permissiveModify,
  CONTROL_OID.treeDelete,
  CONTROL_OID.manageDsaIt,
  CONTROL_OID.persistentSearch,
  CONTROL_OID.realAttributesOnly,
  CONTROL_OID.virtualAttributesOnly,
  CONTROL_OID.softDelete,
  CONTROL_OID.hardDelete,
  CONTROL_OID.undelete,
  CONTROL_OID.softDeletedEntryAccess,
]);

/** A directory that behaves as a PingDirectory does, as far as its documentation and SDK say. */
export function makePingDirectory(
  options: PdServerOptions & { readonly limits: MannerLimits },
): DirectoryManner {
  const server = new PdServer(options);
  const { store, schema, changelog } = server;
  const manner: DirectoryManner = {
    name: 'pingDirectory',
    schema,
    store,
    limits: options.limits,
    supportedControls,
    baseDn: options.baseDn,
    adminDn: server.adminDn,
    changelog,
    refusals: { badPageCookie: pdRefusals.badPageCookie, unsupportedControl: pdRefusals.unsupportedControl },
    readRootDse: (selection, caller) => readPdRootDse(server, supportedControls, selection, caller),
    bind: (name, password, secure) => server.bind(name, password, secure),
    grant: (entry, rights) => server.grant(entry, rights),
    add: (caller, dn, attributes, controls = []) =>
      findControl(controls, CONTROL_OID.undelete) === undefined
        ? addPdEntry(server, caller, dn, attributes)
        : undelete(server, caller, dn, attributes),
    modify: (caller, dn, changes, controls) =>
      modifyPdEntry(server, caller, server.resolve(dn), changes, controls),
    modifyDn: (caller, dn, input) => modifyPdDn(server, caller, server.resolve(dn), input),
    delete: (caller, dn, controls, answerWith = () => undefined) =>
      removePdEntry(server, caller, server.resolve(dn), controls, answerWith),
    setPassword: (entry, password) => {
      entry.password = password;
    },
    locate: (_caller, dn) => server.resolve(dn),
    isVisible: (caller, entry, controls) => isVisibleInPd(server, caller, entry, controls),
    // Success with no entries is what a missing right looks like.
    assertMaySearch: () => undefined,
    valuesOf: (entry, key) => pdValuesOf(server, groups, entry, key),
    read: (entry, selection) => readPdEntry(server, groups, entry, selection),
    shownDn: (entry, controls) => shownPdDn(server, entry, controls),
    entryControls: (entry) => (server.isSoftDeleted(entry) ? [makeSoftDeleteResponseControl(entry.dn)] : []),
    prepareSearch: (job) => prepareSoftDeletedSearch(server, job),
    candidates: (filter) => candidates(server, groups, filter),
    linkTest: (filter) => linkTest(server, groups, filter),
    rewrite: (filter) => filter,
    scopeOf: (base, scope) => (scope === 'one' ? base.children.values() : store.subtree(base)),
    isInScope: (entry, base, scope) => {
      if (scope === 'base') return entry === base;
      return scope === 'one' ? entry.parent === base : entry.isWithin(base);
    },
    extended: (job) =>
      job.oid === EXTENDED_OID.getChangelogBatch ? answerChangelogBatch(server, job) : undefined,
    specialSearch: (job) =>
      findControl(job.controls, CONTROL_OID.persistentSearch) === undefined
        ? undefined
        : answerPersistentSearch(server, manner, job),
  };
  const groups = new PdGroups(server, (filter) => makeMatcher(manner, filter));
  return manner;
}

function candidates(server: PdServer, groups: PdGroups, filter: Filter): CandidateSet | undefined {
  const { store, schema } = server;
  if (filter.kind === 'greaterOrEqual') return candidatesFrom(server, filter.attribute, filter.value);
  if (filter.kind !== 'equality') return undefined;
  const key = schema.attribute(filter.attribute)?.key;
  if (key === undefined) return undefined;
  if (key === 'changenumber') {
    const number = Number(filter.value.toString());
    const entries = server.changelog.numberedFrom(number).slice(0, 1);
    return { size: entries.length, entries: entries.map(({ entry }) => entry) };
  }
  if (key === 'ismemberof') {
    const named = entryNamed(server, filter.value);
    const members = named === undefined ? new Set<DirectoryEntry>() : groups.membersOf(named);
    return { size: members.size, entries: members };
  }
  // The members that virtual static groups show are in no index.
  if (!store.isIndexed(key) || (isMembership(key) && server.options.showVirtualMembers === true))
    return undefined;
  const entries = store.find(key, filter.value);
  return { size: entries.length, entries };
}

function candidatesFrom(server: PdServer, attribute: string, value: Buffer): CandidateSet | undefined {
  const text = value.toString();
  switch (server.schema.attribute(attribute)?.key) {
    case 'changenumber': {
      if (!/^\d{1,15}$/.test(text)) return undefined;
      const changes = server.changelog.numberedFrom(Number(text));
      return { size: changes.length, entries: changes.map(({ entry }) => entry) };
    }
    case 'modifytimestamp': {
      if (!/^\d{14}(?:\.\d+)?Z$/.test(text)) return undefined;
      const atMs = parseGeneralizedTime(text);
      return { size: server.store.countChangedSinceTime(atMs), entries: server.store.changedSinceTime(atMs) };
    }
    default:
      return undefined;
  }
}

/** Whether an entry is in a group is asked of the groups: its own list of all of them would cost more. */
function linkTest(
  server: PdServer,
  groups: PdGroups,
  filter: Filter,
): ((entry: DirectoryEntry) => boolean) | undefined {
  if (filter.kind !== 'equality') return undefined;
  if (server.schema.attribute(filter.attribute)?.key !== 'ismemberof') return undefined;
  const group = entryNamed(server, filter.value);
  return (entry) => group !== undefined && groups.groupsOf(entry).has(group);
}

function isMembership(key: string): boolean {
  return key === 'member' || key === 'uniquemember';
}

function entryNamed(server: PdServer, value: Buffer): DirectoryEntry | undefined {
  const dn = readDn(value.toString());
  return dn === undefined ? undefined : server.store.resolve(dn);
}
