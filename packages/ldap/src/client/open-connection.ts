import { connect as connectTcp, isIP, type Socket } from 'node:net';
import {
  type ConnectionOptions,
  connect as connectTls,
  createSecureContext,
  getCACertificates,
  type SecureContext,
} from 'node:tls';
import { EXTENDED_OID } from '../extended/extended-oid.ts';
import { describeResult, LdapError, makeClientError, makeResultError } from '../result/ldap-error.ts';
import { classifyResult } from '../result/result-class.ts';
import { RESULT_CODE } from '../result/result-code.ts';
import type { BindAccount, ClientSettings, ClientTls, LdapServerAddress } from './client-options.ts';
import { serverName } from './client-options.ts';
import { makeConnectError } from './connect-error.ts';
import { LdapConnection } from './ldap-connection.ts';

const KEEP_ALIVE_MS = 30_000;

/** The certificates to trust and to show, prepared once: reading the system's takes longer than a handshake. */
export function makeClientSecureContext(tls: ClientTls): SecureContext {
  const extra = tls.ca === undefined ? [] : [tls.ca].flat();
  return createSecureContext({
    ca: [...getCACertificates('default'), ...extra],
    minVersion: 'TLSv1.2',
    ...(tls.cert === undefined ? {} : { cert: tls.cert }),
    ...(tls.key === undefined ? {} : { key: tls.key }),
  });
}

export interface OpenOptions {
  readonly settings: ClientSettings;
  readonly server: Required<LdapServerAddress>;
  /** Present unless security is `none`. */
  readonly secureContext: SecureContext | undefined;
  /** Absent: the connection stays anonymous. */
  readonly account: BindAccount | undefined;
  readonly signal: AbortSignal | undefined;
}

/**
 * Sets up a connection: TCP, TLS or StartTLS, bind, all within the connect time-out. Every failure is an `LdapError`
 * that says which of them it was.
 */
export async function openConnection(options: OpenOptions): Promise<LdapConnection> {
  const { settings, signal } = options;
  const server = serverName(options.server);
  const timeout = AbortSignal.timeout(settings.connectTimeoutMs);
  const combined = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
  const attempt: Attempt = { connected: false };
  try {
    return await establish(options, server, combined, attempt);
  } catch (error) {
    attempt.socket?.destroy();
    if (signal?.aborted === true) {
      throw makeClientError('LDAP_ABORTED', `connecting to ${server} was aborted`, { server, cause: error });
    }
    if (timeout.aborted) {
      const what = attempt.connected
        ? 'took the connection but did not finish setting it up'
        : 'does not answer';
      throw makeClientError(
        attempt.connected ? 'LDAP_TIMEOUT' : 'LDAP_HOST_UNREACHABLE',
        `${server} ${what} within ${settings.connectTimeoutMs} ms`,
        { server, cause: error },
      );
    }
    throw error;
  }
}

/** How far an attempt has come, for the words of its failure and for cleaning up. */
interface Attempt {
  connected: boolean;
  socket?: Socket;
}

async function establish(
  options: OpenOptions,
  server: string,
  signal: AbortSignal,
  attempt: Attempt,
): Promise<LdapConnection> {
  const { settings, secureContext } = options;
  const { host, port } = options.server;
  const tcp = connectTcp({
    host,
    port,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE_MS,
  });
  attempt.socket = tcp;
  await ready(tcp, 'connect', signal, server);
  attempt.connected = true;
  let connection: LdapConnection;
  if (settings.security === 'none') {
    connection = new LdapConnection(tcp, server, settings.maxMessageBytes);
  } else {
    const plain = settings.security === 'startTls' ? await agreeOnTls(tcp, server, settings, signal) : tcp;
    const secured = connectTls(tlsOptions(plain, host, settings.tls, secureContext));
    attempt.socket = secured;
    await ready(secured, 'secureConnect', signal, server);
    connection = new LdapConnection(secured, server, settings.maxMessageBytes);
  }
  if (options.account !== undefined)
    await bindAccount(connection, options.account, settings.connectTimeoutMs, signal);
  return connection;
}

function tlsOptions(
  socket: Socket,
  host: string,
  tls: ClientTls,
  secureContext: SecureContext | undefined,
): ConnectionOptions {
  const name = tls.servername ?? host;
  return {
    socket,
    host: name,
    // SNI carries names only (RFC 6066 §3); an address is still checked against the certificate.
    ...(isIP(name) === 0 ? { servername: name } : {}),
    rejectUnauthorized: tls.allowUntrusted !== true,
    ...(secureContext === undefined ? {} : { secureContext }),
  };
}

/** StartTLS (RFC 4511 §4.14): asks, and gives the socket back for the handshake. */
async function agreeOnTls(
  socket: Socket,
  server: string,
  settings: ClientSettings,
  signal: AbortSignal,
): Promise<Socket> {
  const connection = new LdapConnection(socket, server, settings.maxMessageBytes);
  const op = { kind: 'extendedRequest', oid: EXTENDED_OID.startTls } as const;
  const { op: answer } = await connection.request(op, { timeoutMs: settings.connectTimeoutMs, signal });
  if (answer.kind !== 'extendedResponse') {
    throw makeClientError('LDAP_PROTOCOL', `${server} answered StartTLS with a ${answer.kind}`, { server });
  }
  if (answer.resultCode !== RESULT_CODE.success) {
    connection.unbind();
    throw makeClientError(
      'LDAP_START_TLS_REFUSED',
      `${describeResult(answer, { operation: 'StartTLS', server })}; use LDAPS if the server offers it`,
      { server, result: { ...answer, controls: [] } },
    );
  }
  return connection.release();
}

/** Binds the connection; a refusal closes it. */
export async function bindAccount(
  connection: LdapConnection,
  account: BindAccount,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { server } = connection;
  const password = revealPassword(account, server);
  if (account.dn !== '' && password === '') {
    connection.unbind();
    // RFC 4513 §5.1.2: a name with an empty password binds as nobody and is answered with success.
    throw makeClientError('LDAP_EMPTY_PASSWORD', `the bind account ${account.dn} has an empty password`, {
      server,
    });
  }
  const { op, controls } = await connection.request(
    { kind: 'bindRequest', version: 3, dn: account.dn, authentication: { kind: 'simple', password } },
    { timeoutMs, signal },
  );
  if (op.kind !== 'bindResponse') {
    connection.destroy(`a bind was answered with a ${op.kind}`);
    throw makeClientError('LDAP_PROTOCOL', `${server} answered a bind with a ${op.kind}`, { server });
  }
  if (op.resultCode === RESULT_CODE.success) return;
  connection.unbind();
  const operation = `bind as ${account.dn}`;
  if (classifyResult(op.resultCode, op.diagnosticMessage) === 'retry')
    throw makeResultError(op, { operation, server });
  throw makeClientError('LDAP_BIND_REFUSED', describeResult(op, { operation, server }), {
    server,
    result: { ...op, controls },
  });
}

function revealPassword(account: BindAccount, server: string): string {
  if (typeof account.password === 'string') return account.password;
  try {
    return account.password();
  } catch (error) {
    throw makeClientError('LDAP_BIND_REFUSED', `the password of ${account.dn} could not be had`, {
      server,
      cause: error,
    });
  }
}

/** Waits for a socket to reach a state; an abort or an error ends the wait and the socket. */
function ready(
  socket: Socket,
  event: 'connect' | 'secureConnect',
  signal: AbortSignal,
  server: string,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const stage = event === 'connect' ? 'tcp' : 'tls';
    const settle = (error?: Error): void => {
      socket.off(event, onReady);
      socket.off('close', onClose);
      signal.removeEventListener('abort', onAbort);
      if (error === undefined) {
        socket.off('error', onError);
        resolve();
        return;
      }
      // The error listener stays: a late error of a socket given up must not end the process.
      socket.destroy();
      reject(error);
    };
    const onReady = (): void => settle();
    const onError = (error: Error): void => settle(makeConnectError(error, stage, server));
    const onClose = (): void => settle(makeConnectError(new Error('closed by the server'), stage, server));
    const onAbort = (): void =>
      settle(new LdapError('aborted', { code: 'LDAP_ABORTED', class: 'refused', retryable: false }));
    socket.on(event, onReady);
    socket.on('error', onError);
    socket.on('close', onClose);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort);
  });
}
