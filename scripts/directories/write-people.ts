// Writes an invented company of any size as LDIF: npx node scripts/directories/write-people.ts --kind openLdap --people 100000 [--base DN] > people.ldif
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { type DirectoryKind, organisationLdif } from '@sallyport/testkit';

const kinds: readonly DirectoryKind[] = ['activeDirectory', 'openLdap', 'pingDirectory'];

const { values } = parseArgs({
  options: {
    kind: { type: 'string', default: 'activeDirectory' },
    people: { type: 'string', default: '1000' },
    base: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
});

const kind = kinds.find((known) => known === values.kind);
const people = Number(values.people);
const seed = Number(values.seed);
if (kind === undefined) throw new Error(`--kind is "${values.kind}"; expected one of ${kinds.join(', ')}.`);
if (!Number.isInteger(people) || people < 0)
  throw new Error(`--people is "${values.people}"; expected a whole number.`);
if (!Number.isInteger(seed)) throw new Error(`--seed is "${values.seed}"; expected a whole number.`);

const ldif = organisationLdif({
  kind,
  people,
  seed,
  ...(values.base === undefined ? {} : { baseDn: values.base }),
});
await pipeline(Readable.from(ldif), process.stdout);
