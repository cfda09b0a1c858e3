import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { DirectoryServer } from '@sallyport/testkit';

/** What the rule of the bench maps, and what ldapsearch is asked for beside the key. */
export const MAPPED_ATTRIBUTES = [
  'uid',
  'sn',
  'givenName',
  'mail',
  'title',
  'telephoneNumber',
  'l',
  'displayName',
];

export interface ReaderTime {
  readonly entries: number;
  readonly seconds: number;
}

/** Reads everybody with the C client, 1,000 a page as we do, counting the entries it prints. */
export function timeLdapsearch(directory: DirectoryServer, base: string): Promise<ReaderTime> {
  return timeSearch(directory, base, ['(objectClass=person)', 'entryUUID', ...MAPPED_ATTRIBUTES]);
}

/** The same for groups with all their members. */
export function timeGroupReader(directory: DirectoryServer, base: string): Promise<ReaderTime> {
  return timeSearch(directory, base, [
    '(objectClass=groupOfNames)',
    'entryUUID',
    'cn',
    'description',
    'member',
  ]);
}

async function timeSearch(
  directory: DirectoryServer,
  base: string,
  filterAndAttributes: readonly string[],
): Promise<ReaderTime> {
  const started = performance.now();
  const child = spawn(
    'ldapsearch',
    [
      ...['-x', '-H', directory.url, '-D', directory.bindDn, '-w', directory.bindPassword],
      ...['-b', base, '-LLL', '-o', 'ldif-wrap=no', '-E', 'pr=1000/noprompt'],
      ...filterAndAttributes,
    ],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  let entries = 0;
  let tail = '';
  child.stdout.on('data', (chunk: Buffer) => {
    // Counting on the raw bytes: decoding them would measure us instead of the C client.
    const text = tail + chunk.latin1Slice(0, chunk.length);
    for (let at = text.indexOf('\ndn'); at >= 0; at = text.indexOf('\ndn', at + 3)) entries += 1;
    tail = text.slice(-2);
  });
  await once(child, 'close');
  if (child.exitCode !== 0) throw new Error(`ldapsearch ended with ${child.exitCode}`);
  return { entries: entries + 1, seconds: (performance.now() - started) / 1000 };
}
