import type { Position, ReadEnd, SourceChange, SourceReader } from '@sallyport/engine';
import { type LdapClient, makeLdapClient, parseDn } from '@sallyport/ldap';
import type { InMemoryDirectory } from '@sallyport/testkit';

const NEED = { attributes: ['sn'], groups: { attributes: ['cn'], members: true } };
const signal = new AbortController().signal;

/** A client bound as one of the accounts that the directory was started with. The test closes it. */
export function clientOf(directory: InMemoryDirectory, account: string): LdapClient {
  const bind = directory.accounts[account];
  if (bind === undefined) throw new Error(`no account ${account}`);
  return makeLdapClient({
    servers: [{ host: directory.host, port: directory.port }],
    security: 'none',
    bind: { dn: bind.bindDn, password: bind.bindPassword },
  });
}

/** Reads everything, for how the read ended. */
export async function readAll(source: SourceReader): Promise<ReadEnd> {
  const all = source.readAll(NEED, signal);
  for (;;) {
    const next = await all.next();
    if (next.done === true) return next.value;
  }
}

/** Where a feed stands once everything has been read. */
export async function position(source: SourceReader): Promise<Position> {
  await source.open(signal);
  const end = await readAll(source);
  if (end.position === undefined) throw new Error('no position');
  return end.position;
}

/** What a feed tells since a position, each change in one line, and where it then stands. */
export async function changes(
  source: SourceReader,
  since: Position,
): Promise<{ readonly told: string[]; readonly position: Position }> {
  await source.open(signal);
  const told: string[] = [];
  const stream = source.changesSince(since, NEED, signal);
  for (;;) {
    const next = await stream.next();
    if (next.done === true) {
      if (next.value.position === undefined) throw new Error('no position');
      return { told, position: next.value.position };
    }
    told.push(...next.value.map(shown));
  }
}

function shown(change: SourceChange): string {
  if (change.kind === 'present') return `present ${parseDn(change.object.place).rdn?.toString()}`;
  if (change.kind === 'gone') return `gone ${change.how}`;
  return `members +${change.added.length} -${change.removed.length}`;
}
