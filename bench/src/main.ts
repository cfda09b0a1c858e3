// `npm run bench`: what an inbound sync costs, as a ratio to reading the same attributes with ldapsearch in the same run.
//   --people N     how many people (default 100,000)
//   --runs N       how often the unchanged full run is measured (default 3)
//   --json FILE    writes the figures
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultBaseDn, startOpenLdap, writeOrganisationLdif } from '@sallyport/testkit';
import { applyTypicalDelta } from './directory-delta.ts';
import { type Measured, measureInbound } from './inbound.ts';
import { MAPPED_ATTRIBUTES, timeLdapsearch } from './ldapsearch.ts';
import { printReport } from './report.ts';

const { values } = parseArgs({
  options: {
    people: { type: 'string', default: '100000' },
    runs: { type: 'string', default: '3' },
    json: { type: 'string' },
  },
});
const people = Number(values.people);
const runs = Number(values.runs);
if (!Number.isInteger(people) || people < 100 || !Number.isInteger(runs) || runs < 1)
  throw new TypeError('--people must be a whole number of at least 100, --runs of at least 1');

const folder = mkdtempSync(join(tmpdir(), 'sallyport-bench-'));
const ldif = join(folder, 'people.ldif');
console.log(`generating ${people.toLocaleString('en')} people`);
await writeOrganisationLdif({ kind: 'openLdap', people, parts: 'people' }, ldif);
console.log('loading OpenLDAP');
const directory = await startOpenLdap({ ldif });
try {
  const base = `ou=People,${defaultBaseDn.openLdap}`;
  await timeLdapsearch(directory, base); // fills the server's caches
  const reader = await timeLdapsearch(directory, base);
  const measured: Measured = await measureInbound({
    directory,
    base,
    folder,
    people,
    unchangedRuns: runs,
    timeReader: () => timeLdapsearch(directory, base),
    change: () => applyTypicalDelta(directory, people),
  });
  printReport({ people, attributes: MAPPED_ATTRIBUTES.length, reader, measured });
  if (values.json !== undefined)
    writeFileSync(values.json, JSON.stringify({ people, reader, measured }, undefined, 2));
} finally {
  await directory.stop();
  rmSync(folder, { recursive: true, force: true });
}
