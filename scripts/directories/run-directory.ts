// Runs one directory until Ctrl-C: npx node scripts/directories/run-directory.ts --kind activeDirectory|openLdap|samba|openldap-server|389|opendj [--people 1000]
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  type DirectoryKind,
  type DirectoryServer,
  startDs389,
  startInMemoryDirectory,
  startOpenDj,
  startOpenLdap,
  startSamba,
  writeOrganisationLdif,
} from '@sallyport/testkit';

const starters: Readonly<Record<string, (people: number) => Promise<DirectoryServer>>> = {
  activeDirectory: (people) => startInMemoryDirectory({ manner: 'activeDirectory', people }),
  openLdap: (people) => startInMemoryDirectory({ manner: 'openLdap', people }),
  samba: (people) => withPeople('activeDirectory', people, (ldif) => startSamba({ ldif })),
  'openldap-server': (people) => withPeople('openLdap', people, (ldif) => startOpenLdap({ ldif })),
  '389': (people) => withPeople('openLdap', people, (ldif) => startDs389({ ldif })),
  opendj: (people) => withPeople('pingDirectory', people, (ldif) => startOpenDj({ ldif })),
};

async function withPeople(
  kind: DirectoryKind,
  people: number,
  start: (ldif: string) => Promise<DirectoryServer>,
): Promise<DirectoryServer> {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-people-'));
  try {
    const file = join(folder, 'people.ldif');
    await writeOrganisationLdif({ kind, people }, file);
    return await start(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const { values } = parseArgs({
  options: {
    kind: { type: 'string', default: 'activeDirectory' },
    people: { type: 'string', default: '1000' },
  },
});
const start = starters[values.kind];
if (start === undefined) {
  throw new Error(`--kind is "${values.kind}"; expected one of ${Object.keys(starters).join(', ')}.`);
}
const server = await start(Number(values.people));
console.log(`${server.url}  ${server.ldapsUrl}\nbase      ${server.baseDn}`);
console.log(
  `bind      ${server.bindDn}\npassword  ${server.bindPassword}\nauthority ${server.caFile}\nCtrl-C stops it.`,
);
if (server.reader !== undefined)
  console.log(`reader    ${server.reader.dn}\npassword  ${server.reader.password}`);
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void server.stop().then(() => process.exit(0)));
