import { createHash, randomBytes } from 'node:crypto';
import {
  type AttributeValues,
  type Modification,
  parseEntryUuid,
  printChangedAttributes,
  printChangedModifications,
} from '@sallyport/ldap';
import { utf8 } from '../core/attribute-values.ts';
import type { DirectoryEntry } from '../core/directory-entry.ts';
import type { PdServer } from './pd-server.ts';

// What PingDirectory writes into its changelog about an entry: texts in LDIF, timestamps and keys in compact form.

export function uuidOf(entry: DirectoryEntry): string {
  return entry.text('entryuuid') ?? '';
}

/** The `changes` of an add: what was stored, the password encoded, the server's own attributes in compact form. */
export function addedText(server: PdServer, entry: DirectoryEntry): Buffer {
  return printChangedAttributes([
    ...userAttributes(server, entry),
    ...passwordOf(entry),
    { type: 'ds-entry-unique-id', values: [parseEntryUuid(uuidOf(entry))] },
    { type: 'ds-create-time', values: [compactTime(server)] },
    { type: 'creatorsName', values: entry.values('creatorsname') },
  ]);
}

/** The `changes` of a modify or modrdn: the client's changes, then the server's. */
export function modifiedText(
  server: PdServer,
  writer: Buffer,
  entry: DirectoryEntry,
  changes: readonly Modification<Buffer>[],
): Buffer {
  const shown = changes.map((change) =>
    change.type.toLowerCase() === 'userpassword' && change.operation !== 'delete'
      ? { ...change, values: passwordOf(entry).flatMap(({ values }) => values) }
      : change,
  );
  return printChangedModifications([
    ...shown,
    { operation: 'replace', type: 'modifiersName', values: [writer] },
    { operation: 'replace', type: 'ds-update-time', values: [compactTime(server)] },
  ]);
}

/** `deletedEntryAttrs`, as the backend is configured. */
export function deletedAttributes(
  server: PdServer,
  entry: DirectoryEntry,
): readonly AttributeValues<Buffer>[] {
  const wanted = (server.options.deletedEntryAttributes ?? ['*']).map((name) => name.toLowerCase());
  return [...entry.attributes].flatMap(([key, { name, values }]) => {
    const isOperational = server.schema.attribute(key)?.operational ?? false;
    if (values.length === 0 || !(wanted.includes(key) || wanted.includes(isOperational ? '+' : '*')))
      return [];
    return [compactForm(name, key, values)];
  });
}

/** `ds-changelog-entry-key-attr-values`. */
export function keyAttributes(server: PdServer, entry: DirectoryEntry): readonly AttributeValues<Buffer>[] {
  return attributesNamed(server, entry, server.options.keyAttributes ?? []);
}

/** These attributes of an entry with the values they have now; none for those it lacks. */
export function attributesNamed(
  server: PdServer,
  entry: DirectoryEntry,
  names: Iterable<string>,
): readonly AttributeValues<Buffer>[] {
  return [...names].flatMap((name) => {
    const rule = server.schema.attribute(name);
    const values = rule === undefined ? [] : entry.values(rule.key);
    return rule === undefined || values.length === 0 ? [] : [compactForm(rule.name, rule.key, values)];
  });
}

function userAttributes(server: PdServer, entry: DirectoryEntry): readonly AttributeValues<Buffer>[] {
  return [...entry.attributes].flatMap(([key, { name, values }]) =>
    values.length === 0 || server.schema.attribute(key)?.systemOnly === true ? [] : [{ type: name, values }],
  );
}

/** Salted and hashed: the clear text never leaves the server. */
function passwordOf({ password }: DirectoryEntry): readonly AttributeValues<Buffer>[] {
  if (password === undefined) return [];
  const salt = randomBytes(8);
  const digest = createHash('sha256').update(password).update(salt).digest();
  const encoded = `{SSHA256}${Buffer.concat([digest, salt]).toString('base64')}`;
  return [{ type: 'userPassword', values: [utf8(encoded)] }];
}

function compactForm(name: string, key: string, values: readonly Buffer[]): AttributeValues<Buffer> {
  if (key !== 'entryuuid') return { type: name, values };
  return { type: 'ds-entry-unique-id', values: values.map((value) => parseEntryUuid(value.toString())) };
}

/** Milliseconds since 1970 in eight octets. */
function compactTime(server: PdServer): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(server.store.nowMs()));
  return bytes;
}
