import { encodeFrame, GATEWAY_PROTOCOL, type UpMessage } from '@sallyport/contract';
import { EXTENDED_OID, encodeMessage, LdapError, present } from '@sallyport/ldap';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { gatewayId, type HubHouse, makeCredential, startHub } from './test/tunnel-house.ts';
import { until } from './test/until.ts';

const instanceId = '1f3c8f6e-6f0c-4f3c-9a7e-000000000001';
const everyone = { base: 'dc=x', scope: 'sub', filter: present('objectClass'), attributes: [] } as const;
const entry = encodeMessage({
  messageId: 1,
  op: { kind: 'searchEntry', dn: 'cn=a', attributes: [] },
  controls: [],
});
const success = { resultCode: 0, matchedDn: '', diagnosticMessage: '', referrals: [], controls: [] };

let house: HubHouse;
beforeEach(async () => {
  house = await startHub(
    { servers: ['dc1:636'], security: 'tls', validateCertificates: true, bindDn: 'cn=a', bindPassword: 'b' },
    { settings: { creditBytes: 1_000, maxPduBytes: 3_000, helloTimeoutMs: 300 } },
  );
});
afterEach(() => house.close());

/** An instance that says whatever the test wants it to. */
interface Puppet {
  readonly ws: WebSocket;
  /** Requests of the hub, configuration aside. */
  readonly asked: { readonly type: string; readonly id: number; readonly bytes?: number }[];
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  say(message: UpMessage): void;
}

async function dial(
  overrides: { capabilities?: string[]; instanceId?: string; hostname?: string; silent?: boolean } = {},
): Promise<Puppet> {
  const ws = new WebSocket(`ws://127.0.0.1:${house.port}/gateway`, GATEWAY_PROTOCOL, {
    headers: { authorization: `Bearer ${makeCredential('first')}` },
  });
  const asked: Puppet['asked'] = [];
  let configured = false;
  ws.on('message', (data) => {
    const message: { type: string; id: number } = JSON.parse(String(data));
    if (message.type === 'configuration') configured = true;
    else asked.push(message);
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    ws.on('close', (code, reason) => resolve({ code, reason: String(reason) }));
  });
  await new Promise((resolve, reject) => ws.once('open', resolve).once('error', reject));
  const puppet: Puppet = { ws, asked, closed, say: (message) => ws.send(JSON.stringify(message)) };
  if (overrides.silent === true) return puppet;
  puppet.say({
    type: 'hello',
    instanceId: overrides.instanceId ?? instanceId,
    version: '0.9.0',
    revision: 1,
    capabilities: overrides.capabilities ?? ['search', 'modify', 'compare', 'delete', 'telepathy'],
    hostname: overrides.hostname ?? 'old-host',
    startedAt: new Date().toISOString(),
  });
  await until(() => expect(configured).toBe(true));
  return puppet;
}

/** The next thing the hub asks. */
async function question(puppet: Puppet) {
  await until(() => expect(puppet.asked.length).toBeGreaterThan(0));
  const message = puppet.asked.shift();
  if (message === undefined) throw new Error('nothing was asked');
  return message;
}

async function failureOf(work: Promise<unknown>): Promise<LdapError> {
  const failure: unknown = await work.then(
    () => new Error('it did not fail'),
    (error: unknown) => error,
  );
  if (failure instanceof LdapError) return failure;
  throw failure;
}

async function readAll(): Promise<number> {
  let bytes = 0;
  for await (const batch of house.hub.link(gatewayId).search(everyone)) bytes += batch.length;
  return bytes;
}

describe('an instance that breaks the contract is let go, and what it was asked fails', () => {
  it.each([
    ['a message before hello', '{"type":"draining","reason":"x"}'],
    ['no JSON', 'hello'],
    ['a message without its fields', '{"type":"hello"}'],
    ['frames of a stream that is not open', encodeFrame({ streamId: 9, partial: false, payload: entry })],
    ['a frame that is none', Buffer.from('0')],
  ])('%s', async (_what, sent) => {
    const puppet = await dial({ silent: true });
    puppet.ws.send(sent);
    const { code } = await puppet.closed;
    expect([4400, 4413]).toContain(code);
    expect(house.hub.instances(gatewayId)).toEqual([]);
  });

  it('no hello in time', async () => {
    const puppet = await dial({ silent: true });
    expect(await puppet.closed).toMatchObject({ code: 4400, reason: 'no hello within 300 ms' });
  });

  it('an answer nobody asked for', async () => {
    const puppet = await dial();
    puppet.say({ type: 'result', id: 77, result: success });
    expect(await puppet.closed).toMatchObject({ code: 4400 });
  });

  it('more entries than it was granted', async () => {
    const puppet = await dial();
    const batches = house.hub.link(gatewayId).search(everyone)[Symbol.asyncIterator]();
    const first = batches.next();
    const { id } = await question(puppet);
    const payload = Buffer.concat(Array.from({ length: 100 }, () => entry));
    const send = (): void => puppet.ws.send(encodeFrame({ streamId: id, partial: false, payload }));
    send();
    expect((await first).value?.length).toBe(payload.length);
    // Taking the first one has paid for it; the second overdraws the credit, the third has none.
    send();
    send();
    expect(await puppet.closed).toMatchObject({ code: 4413 });
    expect(await failureOf(batches.next())).toMatchObject({ code: 'GATEWAY_LINK_LOST' });
  });

  it('an entry without end', async () => {
    const puppet = await dial();
    const search = failureOf(readAll());
    const { id } = await question(puppet);
    for (let part = 0; part < 8; part += 1) {
      puppet.ws.send(encodeFrame({ streamId: id, partial: true, payload: Buffer.alloc(500, 0x30) }));
    }
    expect(await puppet.closed).toMatchObject({ code: 4413 });
    expect(await search).toMatchObject({ code: 'GATEWAY_LINK_LOST' });
  });

  it('bytes that are no LDAP', async () => {
    const puppet = await dial();
    const search = failureOf(readAll());
    const { id } = await question(puppet);
    puppet.ws.send(encodeFrame({ streamId: id, partial: false, payload: Buffer.from('not BER') }));
    expect(await puppet.closed).toMatchObject({ code: 4400 });
    expect(await search).toMatchObject({ code: 'GATEWAY_LINK_LOST' });
  });
});

describe('a search', () => {
  it('whose entries do not add up is no success', async () => {
    const puppet = await dial();
    const search = failureOf(readAll());
    const { id } = await question(puppet);
    puppet.ws.send(encodeFrame({ streamId: id, partial: false, payload: entry }));
    puppet.say({ type: 'result', id, result: success, entryCount: 2, pages: 1 });
    expect(await search).toMatchObject({ code: 'GATEWAY_PROTOCOL', retryable: true });
  });

  it('puts an entry together that came in parts, and pays for the parts at once', async () => {
    const puppet = await dial();
    const search = readAll();
    const { id } = await question(puppet);
    const long = encodeMessage({
      messageId: 1,
      op: { kind: 'searchEntry', dn: 'cn=a', attributes: [{ type: 'x', values: ['y'.repeat(2_000)] }] },
      controls: [],
    });
    puppet.ws.send(encodeFrame({ streamId: id, partial: true, payload: long.subarray(0, 1_200) }));
    expect(await question(puppet)).toMatchObject({ type: 'credit', id, bytes: 1_200 });
    puppet.ws.send(encodeFrame({ streamId: id, partial: false, payload: long.subarray(1_200) }));
    puppet.say({ type: 'result', id, result: success, entryCount: 1, pages: 1 });
    expect(await search).toBe(long.length);
  });

  it('that its reader leaves is cancelled, and its late answer harms nobody', async () => {
    const puppet = await dial();
    const reading = (async () => {
      for await (const batch of house.hub.link(gatewayId).search(everyone)) if (batch.length > 0) break;
    })();
    const { id } = await question(puppet);
    puppet.ws.send(encodeFrame({ streamId: id, partial: false, payload: entry }));
    await reading;
    expect(await question(puppet)).toMatchObject({ type: 'cancel', id });
    puppet.ws.send(encodeFrame({ streamId: id, partial: false, payload: entry }));
    puppet.say({ type: 'result', id, result: success, entryCount: 2, pages: 1 });
    const compare = house.hub.link(gatewayId).compare('cn=a', 'cn', 'a');
    const next = await question(puppet);
    expect(next.type).toBe('compare');
    puppet.say({ type: 'result', id: next.id, result: { ...success, resultCode: 6 } });
    expect(await compare).toBe(true);
  });
});

describe('an extended operation with intermediate responses', () => {
  const capabilities = ['extendedStream'];
  const item = encodeMessage({
    messageId: 1,
    op: { kind: 'intermediateResponse', oid: '1.2.3', value: 'one' },
    controls: [],
  });
  const open = (oid: string) => {
    const stream = house.hub
      .link(gatewayId)
      .extendedStream(oid, Buffer.from('asked'), { silenceTimeoutMs: 9 });
    const reading = (async () => {
      let bytes = 0;
      for await (const batch of stream) bytes += batch.length;
      return bytes;
    })();
    return { stream, reading };
  };
  const answer = (puppet: Puppet, id: number, intermediateCount: number) => {
    puppet.ws.send(encodeFrame({ streamId: id, partial: false, payload: item }));
    const value = Buffer.from('the end').toString('base64');
    puppet.say({ type: 'result', id, result: success, oid: '1.2.4', value, intermediateCount });
  };

  it('comes as frames and a result', async () => {
    const puppet = await dial({ capabilities });
    const { stream, reading } = open('1.2.3.4');
    const asked = await question(puppet);
    expect(asked).toMatchObject({
      type: 'extendedStream',
      oid: '1.2.3.4',
      silenceTimeoutMs: 9,
      creditBytes: 1_000,
    });
    answer(puppet, asked.id, 1);
    expect(await reading).toBe(item.length);
    const outcome = await stream.outcome;
    expect(outcome).toMatchObject({ resultCode: 0, oid: '1.2.4', intermediateCount: 1 });
    expect(outcome.value?.toString()).toBe('the end');
  });

  it('that lost some of them is no success', async () => {
    const puppet = await dial({ capabilities });
    const { reading } = open('1.2.3.4');
    const failure = failureOf(reading);
    answer(puppet, (await question(puppet)).id, 2);
    expect(await failure).toMatchObject({ code: 'GATEWAY_PROTOCOL' });
  });

  it('is unknown when the line breaks, and asked of another instance only if it just reads', async () => {
    const first = await dial({ capabilities });
    const unknown = failureOf(open('1.2.3.4').reading);
    await question(first);
    const second = await dial({ capabilities, instanceId: instanceId.replace(/1$/, '2') });
    first.ws.terminate();
    expect(await unknown).toMatchObject({ code: 'GATEWAY_LINK_LOST', outcomeUnknown: true });
    const third = await dial({ capabilities });
    const { reading } = open(EXTENDED_OID.getChangelogBatch);
    await until(() => expect(second.asked.length + third.asked.length).toBe(1));
    const [chosen, other] = second.asked.length > 0 ? [second, third] : [third, second];
    chosen.ws.terminate();
    answer(other, (await question(other)).id, 1);
    expect(await reading).toBe(item.length);
  });

  it('is refused plainly by an instance that is too old', async () => {
    await dial();
    const failure = await failureOf(open('1.2.3.4').reading);
    expect(failure).toMatchObject({ code: 'GATEWAY_UNSUPPORTED_OPERATION' });
    expect(failure.message).toContain('version 0.9.0');
  });
});

describe('an operation', () => {
  it('that the instance is too old for is refused plainly', async () => {
    await dial();
    const failure = await failureOf(house.hub.link(gatewayId).add('cn=a', []));
    expect(failure).toMatchObject({ code: 'GATEWAY_UNSUPPORTED_OPERATION', retryable: false });
    expect(failure.message).toContain('0.9.0');
    expect(house.hub.instances(gatewayId)[0]?.capabilities).toContain('telepathy');
  });

  it('is asked of another instance if the first cannot reach its directory, even a write', async () => {
    const puppets = [await dial(), await dial({ instanceId: '1f3c8f6e-6f0c-4f3c-9a7e-000000000002' })];
    const write = house.hub.link(gatewayId).delete('cn=a');
    await until(() => expect(puppets.some((puppet) => puppet.asked.length > 0)).toBe(true));
    const [first, second] = puppets.toSorted((a, b) => b.asked.length - a.asked.length);
    if (first === undefined || second === undefined) throw new Error('two instances expected');
    const unreachable = {
      code: 'LDAP_HOST_UNREACHABLE',
      message: 'dc1:636 cannot be reached',
      class: 'retry',
      retryable: true,
      effect: 'notDone',
    } as const;
    first.say({ type: 'failure', id: (await question(first)).id, error: unreachable });
    second.say({ type: 'result', id: (await question(second)).id, result: success });
    expect(await write).toMatchObject({ resultCode: 0 });
  });

  it('whose effect is unknown stays unknown, and is not asked again', async () => {
    const puppet = await dial();
    const write = failureOf(house.hub.link(gatewayId).delete('cn=a'));
    const error = {
      code: 'LDAP_TIMEOUT',
      message: 'm',
      class: 'retry',
      retryable: true,
      effect: 'unknown',
    } as const;
    puppet.say({ type: 'failure', id: (await question(puppet)).id, error });
    expect(await write).toMatchObject({ code: 'LDAP_TIMEOUT', outcomeUnknown: true, class: 'retry' });
    expect(puppet.asked).toEqual([]);
  });
});

it('replaces the older connection of an instance that has lost it', async () => {
  const first = await dial();
  const second = await dial();
  expect(await first.closed).toMatchObject({ code: 4409 });
  expect(house.hub.instances(gatewayId)).toHaveLength(1);
  expect(house.hub.instances(gatewayId)[0]?.connected).toBe(true);
  second.ws.terminate();
});

it('keeps control characters of an instance away from the terminals of administrators', async () => {
  const puppet = await dial({ hostname: 'gw1\r\n\u001b[2Jroot' });
  const error = { code: 'LDAP_\u009b1m', message: 'line one\nline two' };
  puppet.say({
    type: 'health',
    configurationSequence: 1,
    reachable: false,
    bound: false,
    error,
    checkedAt: new Date().toISOString(),
  });
  await until(() =>
    expect(house.hub.instances(gatewayId)[0]).toMatchObject({
      hostname: 'gw1 [2Jroot',
      currentErrors: [{ code: 'LDAP_ 1m', message: 'line one line two' }],
    }),
  );
});

it('answers an upgrade it refuses with a status and a code', async () => {
  const refused = async (protocol: string, headers: Record<string, string>): Promise<string> => {
    const ws = new WebSocket(`ws://127.0.0.1:${house.port}/gateway`, protocol, { headers });
    return new Promise((resolve) => {
      ws.once('error', () => undefined);
      ws.once('unexpected-response', (_request, response) => {
        response.once('data', (body) => resolve(`${response.statusCode} ${JSON.parse(String(body)).code}`));
      });
    });
  };
  const good = { authorization: `Bearer ${makeCredential('first')}` };
  expect(await refused(GATEWAY_PROTOCOL, {})).toBe('401 GATEWAY_CREDENTIAL_REFUSED');
  expect(await refused(GATEWAY_PROTOCOL, { authorization: 'Bearer x.y.z' })).toBe(
    '401 GATEWAY_CREDENTIAL_REFUSED',
  );
  expect(await refused('sallyport.gateway.v9', good)).toBe('400 GATEWAY_PROTOCOL_UNSUPPORTED');
  house.hub.close();
  expect(await refused(GATEWAY_PROTOCOL, good)).toBe('503 GATEWAY_SERVER_DRAINING');
});
