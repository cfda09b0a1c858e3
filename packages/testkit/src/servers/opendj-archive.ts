import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const version = '5.0.3';
const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'sallyport');
const fileName = `opendj-server-legacy-${version}.zip`;

/** OpenDJ's distribution: fetched once by `scripts/directories/install.ts`, because Debian has no package of it. */
export const openDjArchive = {
  version,
  /** Maven coordinates. */
  artifact: `org.openidentityplatform.opendj:opendj-server-legacy:${version}:zip`,
  folder,
  file: join(folder, fileName),
  sha256: 'efcaaa6ff9e1d57e5d14f670de2a5832ef5338f74964608327a8f73caeb7d07c',
  /** There when the archive could not be fetched; holds the reason, one line. */
  reasonFile: join(folder, `${fileName}.not-fetched`),
} as const;

/** Why OpenDJ is not to be had on this machine, as the installation noted it; undefined if it said nothing of the kind. */
export function whyNoOpenDj(): string | undefined {
  try {
    return readFileSync(openDjArchive.reasonFile, 'utf8').trim();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
