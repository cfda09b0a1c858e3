import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import {
  EntryBatch,
  type LdapClient,
  type LdifRecord,
  makeLdapClient,
  readLdif,
  writeLdif,
} from '@sallyport/ldap';

interface Connection {
  readonly host: string;
  readonly port: number;
  readonly bindDn: string;
  readonly password: string;
}

interface Content {
  readonly suffix: string;
  readonly reader: { readonly dn: string; readonly password: string };
  readonly ldif: string | undefined;
}

/** Writes what a new database holds: the suffix with its access rules, the reader, and the given entries. */
export async function writeContent(file: string, content: Content): Promise<void> {
  await pipeline(Readable.from(writeLdif(records(content))), createWriteStream(file));
}

async function* records({ suffix, reader, ldif }: Content): AsyncGenerator<LdifRecord, void, undefined> {
  yield entry(suffix, {
    objectClass: ['top', 'domain'],
    dc: [suffix.slice('dc='.length, suffix.indexOf(','))],
    aci: [
      '(targetattr != "userPassword || aci")(version 3.0; acl "accounts read"; allow (read, search, compare) userdn = "ldap:///all";)',
    ],
  });
  yield entry(reader.dn, {
    objectClass: ['top', 'applicationProcess', 'simpleSecurityObject'],
    cn: ['reader'],
    userPassword: [reader.password],
  });
  if (ldif === undefined) return;
  for await (const record of readLdif(createReadStream(ldif))) {
    if (record.kind !== 'entry') throw new Error(`${ldif}: entries expected, found a change of ${record.dn}`);
    yield { ...record, attributes: [...record.attributes, entryUuid()] };
  }
}

function entry(dn: string, attributes: Readonly<Record<string, readonly string[]>>): LdifRecord {
  const list = Object.entries(attributes).map(([type, values]) => ({
    type,
    values: values.map((value) => Buffer.from(value)),
  }));
  return { kind: 'entry', dn, attributes: [...list, entryUuid()] };
}

/** The import makes none: the plug-in that does works on operations only. */
function entryUuid() {
  return { type: 'entryUUID', values: [Buffer.from(randomUUID())] };
}

/** Lets the reader see the changelog, which is made readable for nobody but the directory manager. */
export async function allowReader(server: Connection, readerDn: string): Promise<void> {
  await withClient(server, (client) =>
    client.modify('cn=changelog', [
      {
        operation: 'add',
        type: 'aci',
        values: [
          `(targetattr = "*")(version 3.0; acl "reader"; allow (read, search, compare) userdn = "ldap:///${readerDn}";)`,
        ],
      },
    ]),
  );
}

/** Writes memberOf into imported entries; by itself the plug-in only follows changes. */
export async function fillMemberOf(server: Connection, suffix: string): Promise<void> {
  await withClient(server, async (client) => {
    const dn = 'cn=fill,cn=memberOf task,cn=tasks,cn=config';
    await client.add(dn, [
      { type: 'objectClass', values: ['top', 'extensibleObject'] },
      { type: 'cn', values: ['fill'] },
      { type: 'basedn', values: [suffix] },
      // by default only entries of classes that ours do not have
      { type: 'filter', values: ['(|(objectClass=person)(objectClass=groupOfNames))'] },
      { type: 'ttl', values: ['60'] },
    ]);
    const deadline = Date.now() + 120_000;
    for (;;) {
      const code = await exitCode(client, dn);
      if (code === '0') return;
      if (code !== undefined) throw new Error(`The memberOf task ended with ${code}.`);
      if (Date.now() > deadline) throw new Error('The memberOf task did not end within 120 s.');
      await delay(50);
    }
  });
}

async function exitCode(client: LdapClient, dn: string): Promise<string | undefined> {
  const stream = client.search({
    base: dn,
    scope: 'base',
    filter: { kind: 'present', attribute: 'objectClass' },
    attributes: ['nsTaskExitCode'],
    pageSize: 0,
  });
  let code: string | undefined;
  for await (const bytes of stream)
    for (const item of new EntryBatch(bytes).items())
      if (item.kind === 'entry') code = item.first('nsTaskExitCode');
  return code;
}

async function withClient(server: Connection, work: (client: LdapClient) => Promise<unknown>): Promise<void> {
  const client = makeLdapClient({
    servers: [{ host: server.host, port: server.port }],
    security: 'none',
    bind: { dn: server.bindDn, password: server.password },
  });
  try {
    await work(client);
  } finally {
    await client.close();
  }
}
