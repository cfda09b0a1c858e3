import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { openDjArchive } from '@sallyport/testkit';

/** Debian's, or whatever is in PATH. */
const maven = 'mvn';
const timeLimitMs = 5 * 60_000;

/**
 * Fetches OpenDJ's archive with Maven, which knows this machine's mirrors and proxies, and checks it against the known
 * digest. Where the registry cannot be reached the reason is written down beside it, and the tests on OpenDJ are skipped
 * under that reason; a wrong digest is an error.
 */
export function fetchOpenDj(): void {
  const { file, folder, reasonFile, sha256, version } = openDjArchive;
  if (existsSync(file)) {
    rmSync(reasonFile, { force: true });
    console.log(`OpenDJ ${version} is there.`);
    return;
  }
  mkdirSync(folder, { recursive: true });
  // On the same disk, so that the finished archive can be moved into its place in one step.
  const draft = mkdtempSync(join(folder, 'draft-'));
  try {
    const reason = copyWithMaven(draft);
    const fetched = readdirSync(draft).find((name) => name.endsWith('.zip'));
    if (reason !== undefined || fetched === undefined) {
      const why = reason ?? 'Maven copied no archive';
      writeFileSync(reasonFile, `${why}\n`);
      console.warn(`OpenDJ ${version} could not be fetched, its tests will be skipped: ${why}`);
      return;
    }
    const found = createHash('sha256')
      .update(readFileSync(join(draft, fetched)))
      .digest('hex');
    if (found !== sha256)
      throw new Error(
        `The archive of OpenDJ ${version} has the SHA-256 digest ${found}; expected ${sha256}. It was not kept.`,
      );
    renameSync(join(draft, fetched), file);
    rmSync(reasonFile, { force: true });
    console.log(`Fetched OpenDJ ${version}.`);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** @returns the reason in one line if it did not work */
function copyWithMaven(outputFolder: string): string | undefined {
  const { status, stdout, error } = spawnSync(
    maven,
    [
      ...['-B', '-q', 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy'],
      ...[`-Dartifact=${openDjArchive.artifact}`, `-DoutputDirectory=${outputFolder}`],
    ],
    // there, because Maven would take a pom.xml of the folder it runs in for its own
    { cwd: outputFolder, encoding: 'utf8', timeout: timeLimitMs },
  );
  if (error !== undefined) return `Maven did not run: ${error.message}`;
  if (status === 0) return undefined;
  // The first error line names the artifact and what went wrong; addresses in it are nobody's business.
  const line =
    stdout.split('\n').find((text) => text.includes('[ERROR]')) ?? `Maven ended with code ${status}`;
  return line
    .replace('[ERROR]', '')
    .replaceAll(/https?:\/\/[^\s)]+/g, 'the registry')
    .trim()
    .slice(0, 300);
}
