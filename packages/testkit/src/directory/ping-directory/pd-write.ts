import {
  type AttributeValues,
  CONTROL_OID,
  type Control,
  type Dn,
  findControl,
  type Modification,
} from '@sallyport/ldap';
import { utf8, valueKey } from '../core/attribute-values.ts';
import type { Caller } from '../core/caller.ts';
import type { DirectoryEntry } from '../core/directory-entry.ts';
import type { ModifyDnInput } from '../core/directory-manner.ts';
import { planModify, ruleOf } from '../core/schema-rules.ts';
import {
  addEntry,
  applyModify,
  applyModifyDn,
  freePlace,
  type Place,
  planModifyDn,
  touch,
} from '../core/standard-writes.ts';
import {
  addedText,
  attributesNamed,
  deletedAttributes,
  keyAttributes,
  modifiedText,
  uuidOf,
} from './pd-log.ts';
import { pdRefusals } from './pd-refusals.ts';
import { type PdServer, softDeleteAccess } from './pd-server.ts';

/** The permissive modify control excuses both here: adding what is there and removing what is not. */
const excused: ReadonlySet<Modification['operation']> = new Set(['add', 'delete'] as const);
const memberAttributes = ['member', 'uniqueMember'] as const;
/** Who signs for the plugin, as OpenDJ shows it. */
const integrityDn = 'cn=Internal Client,cn=Root DNs,cn=config';
/** What every modify touches. */
const lastModKeys = ['modifiersname', 'ds-update-time'];

/** The place of a name that is free, where this server takes entries. */
export function findPlace(server: PdServer, dn: Dn): Place {
  const place = freePlace(server, dn);
  if (place.parent.context !== server.head) pdRefusals.noRight();
  if (server.isSoftDeleted(place.parent)) pdRefusals.noObject(place.parent.parent?.dn ?? '');
  return place;
}

/** Adds an entry (RFC 4511 §4.7). */
export function addPdEntry(
  server: PdServer,
  caller: Caller,
  dn: Dn,
  attributes: readonly AttributeValues<Buffer>[],
): DirectoryEntry {
  server.assertMayWrite(caller);
  const { entry, sequence } = addEntry(server, caller, findPlace(server, dn), attributes);
  server.changelog.record(
    {
      kind: 'add',
      targetDn: entry.dn,
      entryUuid: uuidOf(entry),
      modifiersName: server.writerOf(caller),
      touched: new Set(entry.attributes.keys()),
      changes: addedText(server, entry),
      keys: keyAttributes(server, entry),
    },
    sequence,
  );
  server.store.commit('add', entry, sequence);
  return entry;
}

/** Changes an entry (RFC 4511 §4.6): the whole request or nothing. */
export function modifyPdEntry(
  server: PdServer,
  caller: Caller,
  entry: DirectoryEntry,
  changes: readonly Modification<Buffer>[],
  controls: readonly Control[],
): void {
  server.assertMayWrite(caller);
  assertWritable(server, entry);
  const isSoftDeleted = server.isSoftDeleted(entry);
  if (isSoftDeleted && softDeleteAccess(controls) === undefined) pdRefusals.noObject(entry.parent?.dn ?? '');
  const planned = planModify(server, entry, changes, controls, excused);
  const names = [...planned.touched.values()].map(({ rule }) => rule.name);
  const before = attributesNamed(server, entry, [...names, 'modifiersName']);
  const sequence = applyModify(server, caller, entry, planned);
  if (!isSoftDeleted || server.options.softDeletedEntryOperations?.includes('modify') === true) {
    server.changelog.record(
      {
        kind: 'modify',
        targetDn: entry.dn,
        entryUuid: uuidOf(entry),
        modifiersName: server.writerOf(caller),
        touched: new Set([...changes.map(({ type }) => type.toLowerCase()), ...lastModKeys]),
        changes: modifiedText(server, server.writerOf(caller), entry, changes),
        before,
        after: attributesNamed(server, entry, [...names, 'modifiersName']),
        keys: keyAttributes(server, entry),
        isOfSoftDeleted: isSoftDeleted,
      },
      sequence,
    );
  }
  server.store.commit('modify', entry, sequence);
}

/** Renames and moves, with everything below (RFC 4511 §4.9). The log tells of the top entry alone. */
export function modifyPdDn(
  server: PdServer,
  caller: Caller,
  entry: DirectoryEntry,
  input: ModifyDnInput,
): void {
  server.assertMayWrite(caller);
  assertWritable(server, entry);
  if (server.isSoftDeleted(entry)) pdRefusals.softDeletedTarget();
  const place = planModifyDn(server, entry, input);
  const oldNames = [...server.store.subtree(entry)].map((item) => ({ item, dn: item.dn }));
  const previousDn = entry.dn;
  const namingTypes = [
    ...new Set([...entry.rdn.avas, ...place.rdn.avas].map(({ type }) => ruleOf(server, type).name)),
  ];
  const before = attributesNamed(server, entry, namingTypes);
  const sequence = applyModifyDn(server, caller, entry, place, input.deleteOldRdn);
  server.changelog.record(
    {
      kind: 'modifyDn',
      targetDn: previousDn,
      entryUuid: uuidOf(entry),
      modifiersName: server.writerOf(caller),
      touched: new Set(namingTypes.map((name) => name.toLowerCase())),
      changes: modifiedText(server, server.writerOf(caller), entry, []),
      rename: {
        newDn: entry.dn,
        newRdn: input.newRdn,
        deleteOldRdn: input.deleteOldRdn,
        ...(input.newSuperior === undefined ? {} : { newSuperior: input.newSuperior }),
      },
      before,
      after: attributesNamed(server, entry, namingTypes),
      keys: keyAttributes(server, entry),
    },
    sequence,
  );
  server.store.commit('modifyDn', entry, sequence, previousDn);
  for (const { item, dn } of oldNames) replaceMember(server, dn, item.dn);
}

/** Deletes for good: a leaf (RFC 4511 §4.8), or with the control everything below too, leaves first. */
export function deletePdEntry(
  server: PdServer,
  caller: Caller,
  entry: DirectoryEntry,
  controls: readonly Control[],
): void {
  server.assertMayWrite(caller);
  assertWritable(server, entry);
  if (entry.contextDn !== undefined) pdRefusals.noRight();
  const isTree = findControl(controls, CONTROL_OID.treeDelete) !== undefined;
  if (entry.children.size > 0 && !isTree) pdRefusals.hasChildren();
  const leavesFirst = [...server.store.subtree(entry)].reverse().map((item) => ({ item, dn: item.dn }));
  const logsEach = server.options.treeDeletesLogged === 'each';
  for (const { item } of leavesFirst) deleteLeaf(server, caller, item, logsEach || item === entry);
  for (const { dn } of leavesFirst) replaceMember(server, dn, undefined);
}

function deleteLeaf(server: PdServer, caller: Caller, entry: DirectoryEntry, isLogged: boolean): void {
  const { dn } = entry;
  const sequence = server.store.nextSequence();
  const isSoftDeleted = server.isSoftDeleted(entry);
  const kept = deletedAttributes(server, entry);
  const keys = keyAttributes(server, entry);
  server.store.drop(entry);
  const isOfInterest =
    !isSoftDeleted || server.options.softDeletedEntryOperations?.includes('delete') === true;
  if (isLogged && isOfInterest) {
    server.changelog.record(
      {
        kind: 'delete',
        targetDn: dn,
        entryUuid: uuidOf(entry),
        modifiersName: server.writerOf(caller),
        touched: new Set(kept.map(({ type }) => type.toLowerCase())),
        deletedAttributes: kept,
        keys,
        isOfSoftDeleted: isSoftDeleted,
      },
      sequence,
    );
  }
  server.store.commit('delete', entry, sequence, dn);
}

/** What the referential integrity plugin does to groups when a member gets another name or goes. */
export function replaceMember(server: PdServer, oldDn: string, newDn: string | undefined): void {
  if (server.options.referentialIntegrity === false) return;
  const writer = utf8(integrityDn);
  const old = valueKey('dn', utf8(oldDn));
  for (const name of memberAttributes) {
    const key = name.toLowerCase();
    for (const group of server.store.find(key, utf8(oldDn))) {
      const gone = group.values(key).filter((value) => valueKey('dn', value) === old);
      const kept = group.values(key).filter((value) => valueKey('dn', value) !== old);
      const added = newDn === undefined ? [] : [utf8(newDn)];
      const before = attributesNamed(server, group, [name]);
      const sequence = server.store.nextSequence();
      server.store.setValues(group, name, [...kept, ...added], sequence);
      touch(server, writer, group, sequence);
      const changes: Modification<Buffer>[] = [
        { operation: 'delete', type: name, values: gone },
        ...(added.length > 0 ? [{ operation: 'add' as const, type: name, values: added }] : []),
      ];
      server.changelog.record(
        {
          kind: 'modify',
          targetDn: group.dn,
          entryUuid: uuidOf(group),
          modifiersName: writer,
          touched: new Set([key, ...lastModKeys]),
          changes: modifiedText(server, writer, group, changes),
          before,
          after: attributesNamed(server, group, [name]),
          keys: keyAttributes(server, group),
        },
        sequence,
      );
      server.store.commit('modify', group, sequence);
    }
  }
}

/** The changelog and the schema are the server's own. */
function assertWritable(server: PdServer, entry: DirectoryEntry): void {
  if (entry.context !== server.head) pdRefusals.noRight();
}
