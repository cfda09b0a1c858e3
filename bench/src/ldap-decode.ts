// How fast search results are read from memory: finding entries, and decoding 6 attributes of 12.
// Run alone: npx node bench/src/ldap-decode.ts [ENTRIES]
import { BerWriter, EntryBatch, MessageFramer, writeMessage } from '@sallyport/ldap';

const count = Number(process.argv[2] ?? 100_000);
const CHUNK_BYTES = 65_536;
const WANTED = ['entryUUID', 'uid', 'cn', 'sn', 'mail', 'employeeNumber'];

function makeStream(entries: number): Buffer {
  const writer = new BerWriter(entries * 500);
  for (let n = 0; n < entries; n += 1) {
    const uid = `u${String(n).padStart(7, '0')}`;
    const values: Record<string, string> = {
      entryUUID: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
      uid,
      cn: `Given${n} Surname${n % 977}`,
      givenName: `Given${n}`,
      sn: n % 50 === 0 ? `Sürname${n % 977}` : `Surname${n % 977}`,
      displayName: `Surname${n % 977}, Given${n}`,
      mail: `${uid}@corp.example`,
      employeeNumber: String(100_000 + n),
      departmentNumber: `D${n % 40}`,
      title: 'Engineer',
      telephoneNumber: `+49 30 ${n}`,
      l: 'Zürich',
    };
    const attributes = Object.entries(values).map(([type, value]) => ({ type, values: [value] }));
    const op = { kind: 'searchEntry', dn: `uid=${uid},ou=People,dc=corp,dc=example`, attributes } as const;
    writeMessage(writer, { messageId: 2, op, controls: [] });
  }
  return writer.finish();
}

function chunksOf(stream: Buffer): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0; at < stream.length; at += CHUNK_BYTES) chunks.push(stream.subarray(at, at + CHUNK_BYTES));
  return chunks;
}

function scan(chunks: readonly Buffer[]): number {
  const framer = new MessageFramer(1 << 26);
  let entries = 0;
  for (const chunk of chunks)
    for (const whole of framer.push(chunk)) entries += new EntryBatch(whole).countEntries();
  return entries;
}

function decode(chunks: readonly Buffer[]): number {
  const framer = new MessageFramer(1 << 26);
  let characters = 0;
  for (const chunk of chunks) {
    for (const whole of framer.push(chunk)) {
      for (const entry of new EntryBatch(whole).entries()) {
        characters += entry.dn.length;
        for (const name of WANTED) characters += entry.first(name)?.length ?? 0;
      }
    }
  }
  return characters;
}

function measure(title: string, run: () => number): void {
  const rates: number[] = [];
  let checksum = 0;
  for (let round = 0; round < 7; round += 1) {
    const started = performance.now();
    checksum = run();
    rates.push(count / ((performance.now() - started) / 1000));
  }
  rates.sort((a, b) => a - b);
  const median = rates[3] ?? 0;
  console.log(`${title}: ${Math.round(median / 1000)} k entries/s (${checksum})`);
}

const stream = makeStream(count);
const chunks = chunksOf(stream);
console.log(`${count} entries, ${(stream.length / 1e6).toFixed(1)} MB in ${chunks.length} chunks`);
measure('boundaries found', () => scan(chunks));
measure('DN and 6 of 12 attributes decoded', () => decode(chunks));
