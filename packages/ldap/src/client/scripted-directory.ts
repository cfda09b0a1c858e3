import type { LdapMessage, LdapResponse } from '../message/message.ts';
import type { LdapExchange } from '../server/ldap-exchange.ts';
import { LdapListener, type ListenerTls } from '../server/ldap-listener.ts';
import type { ServerConnection } from '../server/server-connection.ts';
import type { LdapClientOptions } from './client-options.ts';

/** What a scripted directory has been asked, in order. */
export type Seen = LdapMessage<Buffer>['op'];

export interface ScriptedDirectory extends AsyncDisposable {
  readonly port: number;
  readonly seen: Seen[];
  readonly listener: LdapListener;
  /** Client options that reach it. */
  options(more?: Partial<LdapClientOptions>): LdapClientOptions;
  /** Resolves when the condition holds; it is looked at after every request and every closed connection. */
  until(condition: (directory: ScriptedDirectory) => boolean): Promise<void>;
}

export interface Script {
  /** Answers everything but binds; binds succeed unless `onBind` is given. */
  onRequest?(exchange: LdapExchange): void | Promise<void>;
  onBind?(exchange: LdapExchange): void;
  onConnection?(connection: ServerConnection): void;
  readonly tls?: ListenerTls;
  readonly port?: number;
}

/** A server for tests of the client that answers as the test says. */
export async function startScriptedDirectory(script: Script): Promise<ScriptedDirectory> {
  const seen: Seen[] = [];
  const waiting = new Set<() => void>();
  const changed = (): void => {
    for (const check of [...waiting]) check();
  };
  const listener = new LdapListener({
    ...(script.tls === undefined ? {} : { tls: script.tls }),
    ...(script.port === undefined ? {} : { port: script.port }),
    onConnection: (connection) => script.onConnection?.(connection),
    handler: {
      onRequest: (exchange) => {
        seen.push(exchange.request);
        exchange.signal.addEventListener('abort', changed);
        const { kind } = exchange.request;
        const answered =
          kind === 'bindRequest'
            ? (script.onBind ?? ((bind) => bind.finish({ resultCode: 0 })))(exchange)
            : script.onRequest?.(exchange);
        changed();
        return answered ?? undefined;
      },
      onClose: changed,
    },
  });
  await listener.listen();
  const directory: ScriptedDirectory = {
    port: listener.port,
    seen,
    listener,
    options: (more = {}) => ({
      servers: [{ host: '127.0.0.1', port: listener.port }],
      security: 'none',
      bind: { dn: 'cn=service', password: 'secret' },
      ...more,
    }),
    until: (condition) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (!condition(directory)) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      }),
    [Symbol.asyncDispose]: () => listener.close(),
  };
  return directory;
}

/** An entry as a server sends it. */
export function makeEntry(
  dn: string,
  attributes: Record<string, readonly string[]> = { cn: [dn] },
): LdapResponse {
  return {
    kind: 'searchEntry',
    dn,
    attributes: Object.entries(attributes).map(([type, values]) => ({ type, values })),
  };
}
