import type { OperationMessage } from '@sallyport/contract';
import { EXTENDED_OID, encodeChangelogBatchRequest } from '@sallyport/ldap';
import { makeManualClock } from '@sallyport/runtime';
import { describe, expect, it } from 'vitest';
import { refuseByLimits } from './limit-guard.ts';
import { LimitsProblems, parseLimits, summarizeLimits } from './limits.ts';
import { makeRateLimiter } from './rate-limiter.ts';

const search = (base: string, more: object = {}): OperationMessage => ({
  type: 'search',
  id: 1,
  base,
  scope: 'sub',
  filter: '(objectClass=*)',
  attributes: [],
  creditBytes: 1,
  ...more,
});

function codeOf(message: OperationMessage, text: string): string | undefined {
  return refuseByLimits(message, parseLimits(text))?.code;
}

describe('limits', () => {
  it('keep every operation within the allowed bases, however the name is written', () => {
    const limits = '{"allowedBases":["OU=Staff,DC=corp,DC=example"]}';
    const inside = ['ou=staff, dc=corp,dc=example', 'CN=A\\2C B,OU=Staff,DC=CORP,DC=example'];
    const outside = ['DC=corp,DC=example', 'OU=NotStaff,DC=corp,DC=example', 'CORP\\admin', '<GUID=00>', ''];
    for (const dn of inside) {
      expect(codeOf(search(dn), limits), dn).toBeUndefined();
      expect(codeOf({ type: 'delete', id: 1, dn }, limits), dn).toBeUndefined();
    }
    for (const dn of outside) {
      expect(codeOf(search(dn), limits), dn).toBe('GATEWAY_LIMIT_BASE');
      expect(codeOf({ type: 'bind', id: 1, dn, password: 'x' }, limits), dn).toBe('GATEWAY_LIMIT_BASE');
    }
    const move = { type: 'modifyDn', id: 1, dn: 'CN=A,OU=Staff,DC=corp,DC=example', newRdn: 'CN=A' } as const;
    expect(codeOf({ ...move, deleteOldRdn: true }, limits)).toBeUndefined();
    expect(codeOf({ ...move, deleteOldRdn: true, newSuperior: 'DC=corp,DC=example' }, limits)).toBe(
      'GATEWAY_LIMIT_BASE',
    );
    expect(codeOf({ type: 'extended', id: 1, oid: '1.3.6.1.4.1.4203.1.11.1' }, limits)).toBe(
      'GATEWAY_LIMIT_BASE',
    );
  });

  it('let a batch of the changelog be read that names allowed bases only, and says so in one way', () => {
    const limits = '{"allowedBases":["OU=Staff,DC=corp,DC=example"],"readOnly":true}';
    const batch = (value: Buffer | undefined): OperationMessage => ({
      type: 'extendedStream',
      id: 1,
      oid: EXTENDED_OID.getChangelogBatch,
      creditBytes: 1,
      ...(value === undefined ? {} : { value: value.toString('base64') }),
    });
    const naming = (includeBases: string[]) =>
      encodeChangelogBatchRequest({ start: { kind: 'beginning' }, maxChanges: 9, includeBases });
    const inside = naming(['ou=staff,dc=corp,dc=example', 'ou=x,ou=Staff,dc=corp,dc=example']);
    expect(codeOf(batch(inside), limits)).toBeUndefined();
    expect(codeOf(batch(naming(['OU=Staff,DC=corp,DC=example', 'DC=corp,DC=example'])), limits)).toBe(
      'GATEWAY_LIMIT_BASE',
    );
    expect(codeOf(batch(naming([])), limits)).toBe('GATEWAY_LIMIT_BASE');
    expect(codeOf(batch(undefined), limits)).toBe('GATEWAY_LIMIT_BASE');
    expect(codeOf(batch(Buffer.from('3003', 'hex')), limits)).toBe('GATEWAY_LIMIT_BASE');
    // The bases named twice: the directory might go by the second list.
    const second = Buffer.from([0xa2, 0x06, 0x04, 0x04, ...Buffer.from('dc=x')]);
    const twice = Buffer.concat([inside, second]);
    twice.writeUInt8((inside[1] ?? 0) + second.length, 1);
    expect(codeOf(batch(twice), limits)).toBe('GATEWAY_LIMIT_BASE');
    expect(codeOf(batch(inside), '{"allowedOperations":["search"]}')).toBe('GATEWAY_LIMIT_OPERATION');
    expect(codeOf(batch(inside), '{"allowedOperations":["extended"]}')).toBeUndefined();
  });

  it('let the root DSE and the schema be read all the same', () => {
    const limits = '{"allowedBases":["OU=Staff,DC=corp,DC=example"]}';
    expect(codeOf(search('', { scope: 'base' }), limits)).toBeUndefined();
    expect(
      codeOf(search('cn=schema', { scope: 'base', filter: '(objectClass=subschema)' }), limits),
    ).toBeUndefined();
    expect(codeOf(search('cn=schema', { scope: 'base' }), limits)).toBe('GATEWAY_LIMIT_BASE');
    expect(codeOf(search('cn=schema', { filter: '(objectClass=subschema)' }), limits)).toBe(
      'GATEWAY_LIMIT_BASE',
    );
  });

  it('refuse what may write where only reading is allowed', () => {
    const limits = '{"readOnly":true}';
    const writes: OperationMessage[] = [
      { type: 'add', id: 1, dn: 'cn=a', attributes: [] },
      { type: 'modify', id: 1, dn: 'cn=a', changes: [] },
      { type: 'modifyDn', id: 1, dn: 'cn=a', newRdn: 'cn=b', deleteOldRdn: true },
      { type: 'delete', id: 1, dn: 'cn=a' },
      { type: 'extended', id: 1, oid: '1.3.6.1.4.1.4203.1.11.1' },
      { type: 'extendedStream', id: 1, oid: '1.3.6.1.4.1.4203.1.11.1', creditBytes: 1 },
    ];
    for (const write of writes) expect(codeOf(write, limits), write.type).toBe('GATEWAY_LIMIT_READ_ONLY');
    expect(codeOf(search('dc=x'), limits)).toBeUndefined();
    expect(codeOf({ type: 'bind', id: 1, dn: 'cn=a', password: 'x' }, limits)).toBeUndefined();
    expect(codeOf({ type: 'extended', id: 1, oid: '1.3.6.1.4.1.4203.1.11.3' }, limits)).toBeUndefined();
  });

  it('allow only the operations named, connection tests aside', () => {
    const limits = '{"allowedOperations":["search"]}';
    expect(codeOf(search('dc=x'), limits)).toBeUndefined();
    expect(codeOf({ type: 'bind', id: 1, dn: 'cn=a', password: 'x' }, limits)).toBe(
      'GATEWAY_LIMIT_OPERATION',
    );
    expect(codeOf({ type: 'testConnection', id: 1 }, limits)).toBeUndefined();
  });

  it('are refused as a whole, with every fault, if the file has one', () => {
    try {
      parseLimits(
        '{"readonly":true,"allowedBases":["OU"],"allowedOperations":["fly"],"maxOperationsPerSecond":0}',
      );
      expect.unreachable();
    } catch (error) {
      if (!(error instanceof LimitsProblems)) throw error;
      expect(error.problems).toHaveLength(4);
      expect(error.problems.join()).toMatch(/"readonly" is not a limit.*allowedBases.*"fly".*above 0/);
    }
    for (const bad of ['', '[]', '{"allowedBases":[]}', '{"readOnly":"yes"}']) {
      expect(() => parseLimits(bad), bad).toThrow(LimitsProblems);
    }
    expect(summarizeLimits(parseLimits('{"allowedBases":["dc=x"],"maxOperationsPerSecond":5}'))).toEqual({
      readOnly: false,
      allowedBases: ['dc=x'],
      maxOperationsPerSecond: 5,
    });
  });
});

describe('the rate limit', () => {
  it('lets a second of operations go at once, spreads the rest, and refuses what would wait too long', async () => {
    const clock = makeManualClock();
    const takeTurn = makeRateLimiter(10, clock);
    const signal = new AbortController().signal;
    let started = 0;
    const turns = Array.from({ length: 30 }, () => takeTurn(signal).then(() => (started += 1)));
    await Promise.all(turns.slice(0, 10));
    expect([started, clock.sleepers]).toEqual([10, 20]);
    clock.advance(500);
    await Promise.all(turns.slice(0, 15));
    expect(started).toBe(15);
    clock.advance(1_500);
    await Promise.all(turns);
    expect(started).toBe(30);
    const many = Array.from({ length: 150 }, () => takeTurn(signal));
    await expect(many.at(-1)).rejects.toMatchObject({ code: 'GATEWAY_LIMIT_RATE', retryable: true });
    clock.advance(20_000);
    await Promise.allSettled(many);
  });

  it('gives a waiting operation up when it is cancelled', async () => {
    const takeTurn = makeRateLimiter(1, makeManualClock());
    await takeTurn(new AbortController().signal);
    const abort = new AbortController();
    const waiting = takeTurn(abort.signal);
    abort.abort(new Error('cancelled'));
    await expect(waiting).rejects.toThrow('cancelled');
  });
});
