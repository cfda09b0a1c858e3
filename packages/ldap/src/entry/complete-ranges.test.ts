import { describe, expect, it } from 'vitest';
import { makeLdapClient } from '../client/ldap-client.ts';
import { makeEntry, type ScriptedDirectory, startScriptedDirectory } from '../client/scripted-directory.ts';
import type { LdapExchange } from '../server/ldap-exchange.ts';
import { completeRanges } from './complete-ranges.ts';
import { EntryBatch } from './entry-batch.ts';

const DN = 'CN=Everyone,DC=corp';

/** Answers as Active Directory does: a long attribute comes in slices of this many values. */
function answerInSlices(members: readonly string[], sliceLength: number): (exchange: LdapExchange) => void {
  return (exchange) => {
    if (exchange.request.kind !== 'searchRequest') return;
    const asked = exchange.request.attributes[0] ?? '';
    const first = Number(/;range=(\d+)-\*$/.exec(asked)?.[1] ?? 0);
    const slice = members.slice(first, first + sliceLength);
    const last = first + slice.length >= members.length ? '*' : String(first + slice.length - 1);
    if (slice.length > 0) exchange.send(makeEntry(DN, { [`member;range=${first}-${last}`]: slice }));
    else exchange.send(makeEntry(DN, {}));
    exchange.finish({ resultCode: 0 });
  };
}

async function readMembers(directory: ScriptedDirectory): Promise<string[]> {
  using client = makeLdapClient(directory.options());
  const stream = client.search({
    base: DN,
    scope: 'base',
    filter: { kind: 'present', attribute: 'objectClass' },
    attributes: ['member'],
  });
  for await (const bytes of stream) {
    for (const entry of new EntryBatch(bytes).entries()) {
      return (await completeRanges(client, entry, 'member')).map(String);
    }
  }
  return [];
}

describe('range completion', () => {
  it.each([0, 1, 1500, 1501, 3001])('reads all %i members', async (count) => {
    const members = Array.from({ length: count }, (_, at) => `CN=u${at}`);
    await using directory = await startScriptedDirectory({ onRequest: answerInSlices(members, 1500) });
    expect(await readMembers(directory)).toEqual(members);
  });

  it('fails rather than give a shorter list', async () => {
    const members = Array.from({ length: 20 }, (_, at) => `CN=u${at}`);
    const full = answerInSlices(members, 10);
    await using shrunk = await startScriptedDirectory({
      onRequest: (exchange) => {
        const sliced =
          exchange.request.kind === 'searchRequest' && exchange.request.attributes[0] !== 'member';
        if (!sliced) return full(exchange);
        exchange.send(makeEntry(DN, {}));
        exchange.finish({ resultCode: 0 });
      },
    });
    await expect(readMembers(shrunk)).rejects.toMatchObject({
      code: 'LDAP_RANGE_INCOMPLETE',
      retryable: true,
    });
    await using gone = await startScriptedDirectory({
      onRequest: (exchange) => {
        const sliced =
          exchange.request.kind === 'searchRequest' && exchange.request.attributes[0] !== 'member';
        if (sliced) exchange.finish({ resultCode: 32 });
        else full(exchange);
      },
    });
    await expect(readMembers(gone)).rejects.toMatchObject({ code: 'LDAP_NO_SUCH_OBJECT', class: 'gone' });
  });
});
