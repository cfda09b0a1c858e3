import {
  type AttributeValues,
  CONTROL_OID,
  type Filter,
  findControl,
  parseGeneralizedTime,
} from '@sallyport/ldap';
import { utf8 } from '../core/attribute-values.ts';
import type { DirectoryEntry } from '../core/directory-entry.ts';
import type { CandidateSet, DirectoryManner, MannerLimits, Selection } from '../core/directory-manner.ts';
import type { StandardDirectoryOptions } from '../core/standard-directory.ts';
import { OlDatabase } from './ol-database.ts';
import { olRefusals } from './ol-refusals.ts';
import { answerSync } from './ol-sync.ts';
import { addOlEntry, deleteOlEntry, modifyOlDn, modifyOlEntry } from './ol-write.ts';

const supportedControls: ReadonlySet<string> = new Set([
  CONTROL_OID.pagedResults,
  CONTROL_OID.syncRequest,
  CONTROL_OID.permissiveModify,
  CONTROL_OID.manageDsaIt,
  CONTROL_OID.domainScope,
]);

/** A directory that behaves as a slapd with syncprov, computed memberOf and referential integrity does. */
export function makeOpenLdap(
  options: StandardDirectoryOptions & { readonly limits: MannerLimits },
): DirectoryManner {
  const database = new OlDatabase(options);
  const { store, schema } = database;
  const manner: DirectoryManner = {
    name: 'openLdap',
    schema,
    store,
    limits: options.limits,
    supportedControls,
    baseDn: options.baseDn,
    adminDn: database.adminDn,
    refusals: { badPageCookie: olRefusals.badPageCookie, unsupportedControl: olRefusals.unsupportedControl },
    readRootDse: (selection) => readRootDse(database, selection),
    bind: (name, password, secure) => database.bind(name, password, secure),
    grant: (entry, rights) => database.grant(entry, rights),
    add: (caller, dn, attributes) => addOlEntry(database, caller, dn, attributes),
    modify: (caller, dn, changes, controls) =>
      modifyOlEntry(database, caller, database.resolve(dn), changes, controls),
    modifyDn: (caller, dn, input) => modifyOlDn(database, caller, database.resolve(dn), input),
    delete: (caller, dn) => deleteOlEntry(database, caller, database.resolve(dn)),
    setPassword: (entry, password) => {
      entry.password = password;
    },
    locate: (_caller, dn) => database.resolve(dn),
    isVisible: () => true,
    assertMaySearch: (caller) => {
      // What may not be read does not exist for the reader.
      if (!caller.rights.read) olRefusals.noObject('');
    },
    valuesOf: (entry, key) => valuesOf(database, entry, key),
    read: (entry, selection) => readEntry(database, entry, selection),
    shownDn: (entry) => entry.dn,
    candidates: (filter) => candidates(database, filter),
    linkTest: () => undefined,
    rewrite: (filter) => filter,
    scopeOf: (base, scope) => (scope === 'one' ? base.children.values() : store.subtree(base)),
    isInScope: (entry, base, scope) => {
      if (scope === 'base') return entry === base;
      return scope === 'one' ? entry.parent === base : entry.isWithin(base);
    },
    specialSearch: (job) =>
      findControl(job.controls, CONTROL_OID.syncRequest) === undefined
        ? undefined
        : answerSync(database, manner, job),
  };
  return manner;
}

function valuesOf(database: OlDatabase, entry: DirectoryEntry, key: string): readonly Buffer[] {
  switch (key) {
    case 'entrydn':
      return [utf8(entry.dn)];
    case 'entrycsn':
      return [utf8(database.changeNumber(entry.changedSequence, entry.changedAtMs))];
    case 'contextcsn':
      return entry === database.head
        ? [utf8(database.changeNumber(database.store.sequence, database.store.changedAtMs))]
        : [];
    case 'hassubordinates':
      return [utf8(entry.children.size > 0 ? 'TRUE' : 'FALSE')];
    case 'subschemasubentry':
      return [utf8(database.subschema.dn)];
    case 'memberof':
      return database.store.find('member', utf8(entry.dn)).map((group) => utf8(group.dn));
    default:
      return entry.values(key);
  }
}

/** `*` = user attributes, `+` = operational ones (RFC 3673), otherwise by name. */
function readEntry(
  database: OlDatabase,
  entry: DirectoryEntry,
  selection: Selection,
): AttributeValues<Buffer>[] {
  const asked = selection.attributes.length === 0 ? ['*'] : selection.attributes;
  const keys = new Set<string>();
  for (const name of asked) {
    if (name === '*') {
      for (const key of entry.attributes.keys())
        if (database.schema.attribute(key)?.operational === false) keys.add(key);
    } else if (name === '+') {
      for (const rule of database.schema.attributes) if (rule.operational) keys.add(rule.key);
    } else {
      const rule = database.schema.attribute(name.split(';')[0] ?? name);
      if (rule !== undefined) keys.add(rule.key);
    }
  }
  const result: AttributeValues<Buffer>[] = [];
  for (const key of keys) {
    const values = valuesOf(database, entry, key);
    const type = database.schema.attribute(key)?.name ?? key;
    if (values.length > 0) result.push({ type, values: selection.typesOnly ? [] : values });
  }
  return result;
}

function candidates(database: OlDatabase, filter: Filter): CandidateSet | undefined {
  const { store, schema } = database;
  if (filter.kind === 'greaterOrEqual' && filter.attribute.toLowerCase() === 'modifytimestamp') {
    const text = filter.value.toString();
    if (!/^\d{14}Z$/.test(text)) return undefined;
    const atMs = parseGeneralizedTime(text);
    return { size: store.countChangedSinceTime(atMs), entries: store.changedSinceTime(atMs) };
  }
  if (filter.kind !== 'equality') return undefined;
  const key = schema.attribute(filter.attribute)?.key;
  if (key === undefined || !store.isIndexed(key)) return undefined;
  const entries = store.find(key, filter.value);
  return { size: entries.length, entries };
}

function readRootDse(database: OlDatabase, selection: Selection): AttributeValues<Buffer>[] {
  const operational: readonly (readonly [string, readonly string[]])[] = [
    ['namingContexts', [database.head.dn]],
    ['supportedControl', [...supportedControls]],
    ['supportedExtension', ['1.3.6.1.4.1.1466.20037', '1.3.6.1.4.1.4203.1.11.3']],
    // modify-increment, + for operational attributes, absolute true and false filters
    ['supportedFeatures', ['1.3.6.1.1.14', '1.3.6.1.4.1.4203.1.5.1', '1.3.6.1.4.1.4203.1.5.3']],
    ['supportedLDAPVersion', ['3']],
    ['subschemaSubentry', [database.subschema.dn]],
    ['entryDN', ['']],
  ];
  const user: readonly (readonly [string, readonly string[]])[] = [
    ['objectClass', ['top', 'OpenLDAProotDSE']],
  ];
  const asked = new Set(selection.attributes.map((name) => name.toLowerCase()));
  const wants = (list: typeof user, all: boolean) =>
    list.filter(([name]) => all || asked.has(name.toLowerCase()));
  const shown = [...wants(user, asked.size === 0 || asked.has('*')), ...wants(operational, asked.has('+'))];
  return shown.map(([type, values]) => ({ type, values: selection.typesOnly ? [] : values.map(utf8) }));
}
