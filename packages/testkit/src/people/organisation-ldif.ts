import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type OrganisationOptions, organisationEntries, type SeedEntry } from './organisation.ts';

const chunkCharacters = 256 * 1024;

/** Anything but printable ASCII goes as base64: a little stricter than RFC 2849's SAFE-STRING. */
const unsafe = /^[ :<]|[^ -~]| $/;

/** The invented company as LDIF text (RFC 2849), in chunks of about 256 KiB; one pass, flat memory. */
export function* organisationLdif(options: OrganisationOptions): Generator<string, void, undefined> {
  let chunk: string[] = [];
  let length = 0;
  for (const entry of organisationEntries(options)) {
    for (const line of entryLines(entry)) {
      chunk.push(line);
      length += line.length;
      if (length < chunkCharacters) continue;
      yield chunk.join('');
      chunk = [];
      length = 0;
    }
  }
  if (length > 0) yield chunk.join('');
}

/** Writes `organisationLdif` to a file. */
export async function writeOrganisationLdif(options: OrganisationOptions, file: string): Promise<void> {
  await pipeline(Readable.from(organisationLdif(options)), createWriteStream(file));
}

function* entryLines(entry: SeedEntry): Generator<string, void, undefined> {
  yield line('dn', entry.dn);
  for (const [name, values] of entry.attributes) for (const value of values) yield line(name, value);
  yield '\n';
}

function line(name: string, value: string): string {
  return unsafe.test(value) ? `${name}:: ${Buffer.from(value).toString('base64')}\n` : `${name}: ${value}\n`;
}
