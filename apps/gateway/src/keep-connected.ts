import { CLOSE_CODE } from '@sallyport/contract';
import { backoffMs, type Clock, type Life, type Log } from '@sallyport/runtime';
import { EXIT_CODE, type ExitCode } from './exit-code.ts';
import { GatewaySession, type SessionEnd } from './session/gateway-session.ts';
import type { SessionContext } from './session/session-context.ts';
import { type OpenWebSocket, UpgradeRefused } from './tunnel/open-web-socket.ts';

/** Waits after failures of the network or the server. */
const RECONNECT = { firstMs: 500, maxMs: 30_000 };
/** Waits after the credential was refused to an instance that had been let in before: someone has to act first. */
const REFUSED = { firstMs: 60_000, maxMs: 300_000 };
/** A connection that lasted this long was a good one: the next failure is a first failure. */
const STABLE_MS = 60_000;

export interface KeepConnectedDependencies {
  readonly open: (signal: AbortSignal) => Promise<OpenWebSocket>;
  readonly context: SessionContext;
  readonly life: Life;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: () => number;
  readonly onSession: (session: GatewaySession) => void;
}

/** Keeps one connection to the server until the life drains; resolves with how the process is to exit. */
export async function keepConnected(dependencies: KeepConnectedDependencies): Promise<ExitCode> {
  const { life, clock, log, random } = dependencies;
  const leaving: Promise<unknown>[] = [];
  let failures = 0;
  let everConnected = false;
  while (!life.draining.aborted) {
    const startedMs = clock.monotonic();
    const attempt = await attemptSession(dependencies, leaving);
    if (life.draining.aborted) break;
    if (attempt.kind === 'moved') {
      failures = 0;
      continue;
    }
    if (attempt.kind === 'refused' && !everConnected) {
      log.fatal(`The server refuses the gateway credential: ${attempt.why}`);
      return EXIT_CODE.credentialRefused;
    }
    everConnected ||= attempt.kind === 'ended';
    const stable = attempt.kind === 'ended' && clock.monotonic() - startedMs >= STABLE_MS;
    failures = stable ? 1 : failures + 1;
    const refused = attempt.kind === 'refused' || attempt.refused;
    const waitMs = backoffMs(refused ? REFUSED : RECONNECT, failures, random());
    const say = refused ? 'The server refuses this gateway' : 'Not connected to the server';
    log[refused ? 'error' : 'warn']({ waitMs, failures }, `${say}: ${attempt.why}`);
    await clock.sleep(waitMs, life.draining).catch((error: unknown) => {
      if (!life.draining.aborted) throw error;
    });
  }
  await Promise.all(leaving);
  return life.stopping.aborted ? EXIT_CODE.cut : EXIT_CODE.done;
}

type Attempt =
  | { readonly kind: 'failed' | 'ended'; readonly why: string; readonly refused: boolean }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'moved' };

/** One connection: resolves when it has failed or ended, or, while it is still finishing its work, when it is told to move. */
async function attemptSession(
  dependencies: KeepConnectedDependencies,
  leaving: Promise<unknown>[],
): Promise<Attempt> {
  const { open, context, life, log, onSession } = dependencies;
  let opened: OpenWebSocket;
  try {
    opened = await open(life.draining);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    if (error instanceof UpgradeRefused && error.code === 'GATEWAY_CREDENTIAL_REFUSED')
      return { kind: 'refused', why };
    return { kind: 'failed', why, refused: false };
  }
  const session = new GatewaySession(opened.ws, opened.socket, context);
  onSession(session);
  log.info('connected to the server');
  const drain = (): void => session.drain('the gateway is stopping');
  const cut = (): void => session.cut('the gateway is stopping');
  life.draining.addEventListener('abort', drain, { once: true });
  life.stopping.addEventListener('abort', cut, { once: true });
  if (life.draining.aborted) drain();
  const ended = session.ended.finally(() => {
    life.draining.removeEventListener('abort', drain);
    life.stopping.removeEventListener('abort', cut);
  });
  const end = await Promise.race([ended, aborted(session.moved)]);
  if (end !== undefined && !session.moved.aborted) return afterEnd(end);
  const gone = ended.then(() => void leaving.splice(leaving.indexOf(gone), 1));
  leaving.push(gone);
  return { kind: 'moved' };
}

function afterEnd(end: SessionEnd): Attempt {
  const refused = end.code === CLOSE_CODE.credentialRefused || end.code === CLOSE_CODE.gatewayDisabled;
  return { kind: 'ended', why: end.reason, refused };
}

function aborted(signal: AbortSignal): Promise<undefined> {
  if (signal.aborted) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}
