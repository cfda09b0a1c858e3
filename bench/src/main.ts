// `npm run bench`: what an inbound sync costs, as a ratio to reading the same attributes with ldapsearch in the same run.
//   --people N     how many people (default 100,000)
//   --runs N       how often the unchanged full run is measured (default 3)
//   --what LIST    people, groups, big-group, expressions (default all)
//   --groups N     groups of 40 members (default 10,000)
//   --changes N    single changes whose latency is measured (default 500)
//   --json FILE    writes the figures
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultBaseDn, startOpenLdap, writeOrganisationLdif } from '@sallyport/testkit';
import { measureBigGroup } from './big-group.ts';
import { applyTypicalDelta } from './directory-delta.ts';
import { reportExpressions } from './expression.ts';
import { appendGroupLdif } from './group-ldif.ts';
import { measureGroups } from './groups.ts';
import { measureInbound } from './inbound.ts';
import { MAPPED_ATTRIBUTES, timeLdapsearch } from './ldapsearch.ts';
import { printBigGroup, printGroups, printReport } from './report.ts';

const PARTS = ['people', 'groups', 'big-group', 'expressions'] as const;
const MEMBERS_EACH = 40;

const { values } = parseArgs({
  options: {
    people: { type: 'string', default: '100000' },
    runs: { type: 'string', default: '3' },
    what: { type: 'string', default: PARTS.join(',') },
    groups: { type: 'string', default: '10000' },
    changes: { type: 'string', default: '500' },
    json: { type: 'string' },
  },
});

function atLeast(name: 'people' | 'runs' | 'groups' | 'changes', minimum: number): number {
  const value = Number(values[name]);
  if (!Number.isInteger(value) || value < minimum)
    throw new TypeError(`--${name} must be a whole number of at least ${minimum}, found ${values[name]}`);
  return value;
}

const people = atLeast('people', 100);
const runs = atLeast('runs', 1);
const groups = atLeast('groups', 1);
const changes = atLeast('changes', 1);
const what = values.what.split(',');
for (const part of what)
  if (!PARTS.some((known) => known === part))
    throw new TypeError(`--what takes ${PARTS.join(', ')}, found ${part}`);

const folder = mkdtempSync(join(tmpdir(), 'sallyport-bench-'));
const figures: Record<string, unknown> = { people };

async function benchPeople(): Promise<void> {
  const ldif = join(folder, 'people.ldif');
  await writeOrganisationLdif({ kind: 'openLdap', people, parts: 'people' }, ldif);
  const directory = await startOpenLdap({ ldif });
  try {
    const base = `ou=People,${defaultBaseDn.openLdap}`;
    await timeLdapsearch(directory, base); // fills the server's caches
    const reader = await timeLdapsearch(directory, base);
    const measured = await measureInbound({
      directory,
      base,
      folder: join(folder, 'people'),
      people,
      unchangedRuns: runs,
      timeReader: () => timeLdapsearch(directory, base),
      change: () => applyTypicalDelta(directory, people),
    });
    printReport({ people, attributes: MAPPED_ATTRIBUTES.length, reader, measured });
    figures.inbound = { reader, measured };
  } finally {
    await directory.stop();
  }
}

async function benchGroups(): Promise<void> {
  const ldif = join(folder, 'groups.ldif');
  const organisation = { kind: 'openLdap', people, parts: 'people' } as const;
  await writeOrganisationLdif(organisation, ldif);
  await appendGroupLdif(ldif, organisation, { groups, membersEach: MEMBERS_EACH, inBigGroup: people });
  const directory = await startOpenLdap({ ldif });
  try {
    const measured = await measureGroups({
      directory,
      base: defaultBaseDn.openLdap,
      groupBase: `ou=Teams,${defaultBaseDn.openLdap}`,
      folder: join(folder, 'groups'),
      people,
      memberships: groups * MEMBERS_EACH + people,
      unchangedRuns: runs,
      changes,
    });
    printGroups({ people, groups: groups + 1, measured });
    figures.groups = measured;
  } finally {
    await directory.stop();
  }
}

try {
  if (what.includes('expressions')) figures.expressions = reportExpressions();
  if (what.includes('people')) await benchPeople();
  if (what.includes('groups')) await benchGroups();
  if (what.includes('big-group')) {
    const measured = await measureBigGroup(folder, people);
    printBigGroup(measured);
    figures.bigGroup = measured;
  }
  if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(figures, undefined, 2));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
