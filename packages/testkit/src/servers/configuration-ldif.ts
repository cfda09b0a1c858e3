import { readFile, writeFile } from 'node:fs/promises';
import { type LdifEntry, parseLdif, printLdifRecord } from '@sallyport/ldap';

/** A server's configuration as it keeps it in a file: entries of LDIF, edited here while the server is stopped. */
export type Configuration = readonly LdifEntry[];

/** New values by attribute name; an empty list removes the attribute. */
export type AttributeEdits = Readonly<Record<string, string | readonly string[]>>;

export function parseConfiguration(text: string): Configuration {
  return parseLdif(text).map((record) => {
    if (record.kind !== 'entry') throw new Error(`${record.dn}: an entry expected, found ${record.kind}`);
    return record;
  });
}

export async function readConfiguration(file: string): Promise<Configuration> {
  return parseConfiguration(await readFile(file, 'utf8'));
}

/** Lines are not folded: 389 and OpenDJ read them of any length, and a person finds what they look for. */
export async function writeConfiguration(file: string, configuration: Configuration): Promise<void> {
  const text = configuration.map((entry) => printLdifRecord(entry, { lineLength: 0 })).join('');
  await writeFile(file, text, { mode: 0o600 });
}

/** Replaces attributes of the entry `dn`, or adds the entry where there is none. */
export function withEntry(configuration: Configuration, dn: string, edits: AttributeEdits): Configuration {
  const names = new Set(Object.keys(edits).map((name) => name.toLowerCase()));
  const fresh = Object.entries(edits).map(([type, values]) => ({
    type,
    values: [values].flat().map((value) => Buffer.from(value)),
  }));
  const wanted = fresh.filter(({ values }) => values.length > 0);
  const isIt = (entry: LdifEntry) => comparable(entry.dn) === comparable(dn);
  if (!configuration.some(isIt)) return [...configuration, { kind: 'entry', dn, attributes: wanted }];
  return configuration.map((entry) => {
    if (!isIt(entry)) return entry;
    const kept = entry.attributes.filter(({ type }) => !names.has(type.toLowerCase()));
    return { ...entry, attributes: [...kept, ...wanted] };
  });
}

/** The same configuration for a server in another folder. */
export function withFolder(configuration: Configuration, from: string, to: string): Configuration {
  return configuration.map((entry) => ({
    ...entry,
    attributes: entry.attributes.map(({ type, values }) => ({
      type,
      values: values.map((value) =>
        value.includes(from) ? Buffer.from(value.toString().replaceAll(from, to)) : value,
      ),
    })),
  }));
}

/** Enough for the names that configurations have, which servers spell with and without a space behind the comma. */
function comparable(dn: string): string {
  return dn.toLowerCase().replace(/,\s+/g, ',');
}
