import { ldifFault } from './ldif-fault.ts';
import { DEFAULT_LDIF_LIMITS, type LdifLimits, type LdifLine, LdifLineReader } from './ldif-lines.ts';
import type { LdifRecord } from './ldif-record.ts';
import { parseLine, textOf } from './parse-line.ts';
import { parseRecord } from './parse-record.ts';

/**
 * Reads LDIF (RFC 2849) as it arrives: content and change records may be mixed. Holds one record at a time.
 * @param chunks bytes or text, cut anywhere: a file stream, a response body
 * @throws LdapTextError `LDIF_SYNTAX` with the line, `LDIF_LIMIT`
 */
export async function* readLdif(
  chunks: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>,
  limits: LdifLimits = DEFAULT_LDIF_LIMITS,
): AsyncGenerator<LdifRecord, void, undefined> {
  const reader = new LdifLineReader(limits);
  let isFirst = true;
  for await (const chunk of chunks) {
    for (const lines of reader.push(chunk)) {
      const record = readRecord(lines, isFirst);
      isFirst = false;
      if (record !== undefined) yield record;
    }
  }
  for (const lines of reader.finish()) {
    const record = readRecord(lines, isFirst);
    if (record !== undefined) yield record;
  }
}

/** Reads a whole LDIF text. @throws LdapTextError `LDIF_SYNTAX` with the line, `LDIF_LIMIT` */
export function parseLdif(
  text: string | Uint8Array,
  limits: LdifLimits = DEFAULT_LDIF_LIMITS,
): readonly LdifRecord[] {
  const reader = new LdifLineReader(limits);
  const records = [...reader.push(text), ...reader.finish()];
  return records.flatMap((lines, index) => readRecord(lines, index === 0) ?? []);
}

/** The first record may begin with, or be, the version line; undefined when it is nothing else. */
function readRecord(lines: readonly LdifLine[], isFirst: boolean): LdifRecord | undefined {
  const [first, ...rest] = lines;
  if (!isFirst || first === undefined) return parseRecord(lines);
  // A byte order mark, which Windows tools write, is no part of the text.
  const text = first.text.startsWith('\u00ef\u00bb\u00bf') ? first.text.slice(3) : first.text;
  if (!/^version:/i.test(text)) return parseRecord([{ ...first, text }, ...rest]);
  const version = textOf(parseLine({ ...first, text })).trim();
  if (version !== '1') throw ldifFault(first.line, version, 'version 1');
  return rest.length === 0 ? undefined : parseRecord(rest);
}
