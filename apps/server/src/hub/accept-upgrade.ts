import type { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { GATEWAY_PROTOCOL } from '@sallyport/contract';
import type { Log } from '@sallyport/runtime';
import type { GatewayIdentity } from './gateway-instance.ts';
import { refuseUpgrade, type UpgradeRefusal } from './refuse-upgrade.ts';

export interface UpgradeDependencies {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  readonly log: Log;
  readonly authenticate: (
    credentialJwt: string,
    remoteAddress: string | undefined,
  ) => Promise<GatewayIdentity | undefined>;
  /** Why nobody, or this gateway, may come in now. Asked before and after the credential was checked. */
  readonly refusal: (identity: GatewayIdentity | undefined) => UpgradeRefusal | undefined;
  readonly admit: (identity: GatewayIdentity, request: IncomingMessage, socket: Socket, head: Buffer) => void;
}

/** Longest credential that is looked at; a JWT of ours has a few hundred characters. */
const MAX_CREDENTIAL_CHARACTERS = 8_192;

/** Lets an instance in, or answers with a status and a coded reason. Never throws. */
export function acceptUpgrade(dependencies: UpgradeDependencies): void {
  const { request, socket, log } = dependencies;
  const lost = (error: Error): void => log.debug({ err: error }, 'connection lost during the upgrade');
  socket.on('error', lost);
  decide(dependencies).then(
    (decision) => {
      socket.off('error', lost);
      if (!(socket instanceof Socket)) socket.destroy();
      else if ('admitted' in decision)
        dependencies.admit(decision.admitted, request, socket, dependencies.head);
      else refuseUpgrade(socket, decision);
    },
    (error: unknown) => {
      log.error({ err: error }, 'a gateway credential could not be checked');
      refuseUpgrade(socket, {
        status: 500,
        code: 'UNEXPECTED_ERROR',
        message: 'The credential could not be checked.',
      });
    },
  );
}

async function decide(
  dependencies: UpgradeDependencies,
): Promise<UpgradeRefusal | { readonly admitted: GatewayIdentity }> {
  const { request, refusal, authenticate, log } = dependencies;
  const early = refusal(undefined);
  if (early !== undefined) return early;
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  if (!offered.includes(GATEWAY_PROTOCOL)) {
    return {
      status: 400,
      code: 'GATEWAY_PROTOCOL_UNSUPPORTED',
      message: `The subprotocol ${GATEWAY_PROTOCOL} is expected; the gateway program may be too new or too old.`,
    };
  }
  const credential = readBearer(request.headers.authorization);
  const { remoteAddress } = request.socket;
  const identity = credential === undefined ? undefined : await authenticate(credential, remoteAddress);
  if (identity === undefined) {
    log.warn({ remoteAddress }, 'a gateway credential was refused');
    return {
      status: 401,
      code: 'GATEWAY_CREDENTIAL_REFUSED',
      message:
        'The gateway credential is unknown or was revoked. Create a new one and restart the gateway with it.',
    };
  }
  return refusal(identity) ?? { admitted: identity };
}

function readBearer(header: string | undefined): string | undefined {
  if (header === undefined || header.length > MAX_CREDENTIAL_CHARACTERS) return undefined;
  return /^Bearer +([^\s]+)$/i.exec(header)?.[1];
}
