import { TLSSocket } from 'node:tls';
import { EntryBatch } from '../entry/entry-batch.ts';
import { LdapError } from '../result/ldap-error.ts';
import type { ClientSettings } from './client-options.ts';
import { serverName } from './client-options.ts';
import type { LdapConnection } from './ldap-connection.ts';
import { makeClientSecureContext, openConnection } from './open-connection.ts';
import { ResponseReader } from './response-reader.ts';
import { makeSearchPlan } from './search-plan.ts';

/** What was found out about one server. */
export interface ConnectionReport {
  readonly server: string;
  readonly ok: boolean;
  /** What is wrong, in one line; absent if nothing is. */
  readonly error?: LdapError;
  readonly durationMs: number;
  readonly tls?: { readonly protocol: string; readonly cipher: string; readonly certificateExpires: string };
  /** The root DSE, by attribute name as the server spells it. */
  readonly rootDse?: ReadonlyMap<string, readonly string[]>;
}

const ROOT_DSE_ATTRIBUTES = ['*', '+'];

/** Connects to every server anew, binds, and reads its root DSE. Never rejects for what a server does. */
export async function testServers(
  settings: ClientSettings,
  signal: AbortSignal | undefined,
): Promise<ConnectionReport[]> {
  const secureContext = settings.security === 'none' ? undefined : makeClientSecureContext(settings.tls);
  const test = async (server: ClientSettings['servers'][number]): Promise<ConnectionReport> => {
    const startedMs = performance.now();
    const name = serverName(server);
    let connection: LdapConnection | undefined;
    try {
      connection = await openConnection({ settings, server, secureContext, account: settings.bind, signal });
      const rootDse = await readRootDse(connection, settings, signal);
      const { socket } = connection;
      const durationMs = Math.round(performance.now() - startedMs);
      return {
        server: name,
        ok: true,
        durationMs,
        rootDse,
        ...(socket instanceof TLSSocket ? tlsOf(socket) : {}),
      };
    } catch (error) {
      if (!(error instanceof LdapError)) throw error;
      return { server: name, ok: false, error, durationMs: Math.round(performance.now() - startedMs) };
    } finally {
      connection?.unbind();
    }
  };
  const reports: ConnectionReport[] = [];
  for (const server of settings.servers) {
    const report = await test(server);
    reports.push(report);
    // A refused account is refused everywhere: asking on would only lock it out.
    if (report.error?.code === 'LDAP_BIND_REFUSED' || report.error?.code === 'LDAP_ABORTED') break;
  }
  return reports;
}

async function readRootDse(
  connection: LdapConnection,
  settings: ClientSettings,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const filter = { kind: 'present', attribute: 'objectClass' } as const;
  const request = { base: '', scope: 'base', filter, attributes: ROOT_DSE_ATTRIBUTES } as const;
  const stream = new ResponseReader({
    plan: makeSearchPlan(request, false),
    signal,
    silenceMs: settings.operationTimeoutMs,
    exclusive: false,
    lease: () => Promise.resolve({ connection, reused: false, release: () => undefined }),
  });
  const found = new Map<string, readonly string[]>();
  for await (const bytes of stream) {
    for (const entry of new EntryBatch(bytes).entries()) {
      for (const name of entry.attributeNames()) found.set(name, entry.values(name));
    }
  }
  return found;
}

function tlsOf(socket: TLSSocket): Pick<Required<ConnectionReport>, 'tls'> {
  return {
    tls: {
      protocol: socket.getProtocol() ?? 'unknown',
      cipher: socket.getCipher().name,
      certificateExpires: socket.getPeerCertificate().valid_to,
    },
  };
}
