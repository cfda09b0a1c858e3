import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import {
  CLOSE_CODE,
  GATEWAY_PROTOCOL,
  type GatewayLdapConfiguration,
  MAX_CONTROL_BYTES,
  type ServerReport,
} from '@sallyport/contract';
import type { DirectoryLink } from '@sallyport/ldap';
import type { Clock, Log } from '@sallyport/runtime';
import { WebSocketServer } from 'ws';
import { acceptUpgrade } from './accept-upgrade.ts';
import type { GatewayIdentity, GatewayInstance } from './gateway-instance.ts';
import { type GatewayLinkOptions, makeGatewayLink } from './gateway-link.ts';
import { makeHubError } from './hub-error.ts';
import { DEFAULT_HUB_SETTINGS, type HubSettings } from './hub-settings.ts';
import { InstanceConnection } from './instance-connection.ts';
import { InstanceRegistry } from './instance-registry.ts';

export interface GatewayHubDependencies {
  /** Who the credential belongs to; undefined if it is unknown, revoked, or its gateway is disabled. */
  readonly authenticate: (
    credentialJwt: string,
    remoteAddress: string | undefined,
  ) => Promise<GatewayIdentity | undefined>;
  /** How the gateway's instances reach their directory, secrets revealed. */
  readonly configurationFor: (gatewayId: string) => Promise<GatewayLdapConfiguration>;
  /** Called on hello, health, metrics, draining and disconnect. Must not throw; slow work belongs elsewhere. */
  readonly onInstanceReport: (instance: GatewayInstance) => void;
  readonly log: Log;
  readonly clock: Clock;
  readonly settings?: Partial<HubSettings>;
}

/** What one instance found when it tried its servers. */
export interface InstanceConnectionReport {
  readonly instanceId: string;
  readonly hostname: string;
  readonly servers: readonly ServerReport[];
}

/** What every connected instance found. `succeeded` if each of them signed on to at least one server. */
export interface GatewayConnectionReport {
  readonly succeeded: boolean;
  readonly instances: readonly InstanceConnectionReport[];
}

export interface GatewayHub {
  /** Takes an HTTP upgrade of `GATEWAY_PATH`; answers it in any case. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** The gateway's directory. Cheap; instances may come and go while it is held. */
  link(gatewayId: string, options?: GatewayLinkOptions): DirectoryLink;
  /** Connected instances first, then those that left within the last hour. */
  instances(gatewayId: string): readonly GatewayInstance[];
  /** Reads the configuration anew and sends it to every instance of the gateway connected here. */
  pushConfiguration(gatewayId: string): Promise<void>;
  disconnectCredential(credentialId: string): void;
  disconnectGateway(gatewayId: string): void;
  /** Lets every connected instance try its servers. Rejects with `GATEWAY_NOT_CONNECTED` if there is none. */
  testConnection(gatewayId: string, signal?: AbortSignal): Promise<GatewayConnectionReport>;
  /** Accepts no one new, tells every instance to move, and resolves when what was in flight is done. */
  drain(): Promise<void>;
  /** Cuts what is left. */
  close(): void;
}

/** Where gateway instances arrive. */
export function makeGatewayHub(dependencies: GatewayHubDependencies): GatewayHub {
  const { clock, log, onInstanceReport } = dependencies;
  const settings: HubSettings = { ...DEFAULT_HUB_SETTINGS, ...dependencies.settings };
  const registry = new InstanceRegistry(clock, settings.rememberGoneMs);
  const webSockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_CONTROL_BYTES,
    // Most of what travels is a directory's entries through TLS: compressing it costs more than it saves.
    perMessageDeflate: false,
    handleProtocols: () => GATEWAY_PROTOCOL,
  });
  let draining = false;

  const configure = async (connection: InstanceConnection): Promise<void> => {
    const { gatewayId } = connection.identity;
    try {
      connection.configure(await dependencies.configurationFor(gatewayId));
    } catch (error) {
      log.error({ err: error, gatewayId }, 'the configuration of a gateway cannot be read');
      connection.close(CLOSE_CODE.goingAway, 'the configuration cannot be read at the moment');
    }
  };

  const report = (connection: InstanceConnection): void => {
    const { instance } = connection;
    if (instance === undefined) return;
    onInstanceReport(instance);
  };

  const admit = (identity: GatewayIdentity, request: IncomingMessage, socket: Socket, head: Buffer): void => {
    webSockets.handleUpgrade(request, socket, head, (ws) => {
      const connection = new InstanceConnection(ws, {
        identity,
        socket,
        settings,
        clock,
        log,
        onHello: (self, hello) => {
          registry.introduce(self, hello.instanceId);
          log.info(
            {
              gatewayId: identity.gatewayId,
              instanceId: hello.instanceId,
              hostname: hello.hostname,
              version: hello.version,
            },
            'gateway instance connected',
          );
          report(self);
          void configure(self).then(() => {
            if (draining) self.retire('this server is going away');
          });
        },
        onReport: report,
        onClose: (self) => {
          registry.remove(self);
          report(self);
        },
      });
      registry.add(connection);
    });
  };

  return {
    handleUpgrade: (request, socket, head) => {
      acceptUpgrade({
        request,
        socket,
        head,
        log,
        authenticate: dependencies.authenticate,
        refusal: (identity) => {
          if (draining)
            return { status: 503, code: 'GATEWAY_SERVER_DRAINING', message: 'This server is going away.' };
          if (identity === undefined) return undefined;
          if (registry.countOf(identity.gatewayId) < settings.maxConnectionsPerGateway) return undefined;
          return {
            status: 429,
            code: 'GATEWAY_TOO_MANY_INSTANCES',
            message: `At most ${settings.maxConnectionsPerGateway} instances of one gateway may be connected.`,
          };
        },
        admit,
      });
    },
    link: (gatewayId, options) =>
      makeGatewayLink(gatewayId, () => registry.connectionsOf(gatewayId), options),
    instances: (gatewayId) => registry.instancesOf(gatewayId),
    pushConfiguration: async (gatewayId) => {
      const connections = registry
        .connectionsOf(gatewayId)
        .filter((connection) => connection.instance !== undefined);
      await Promise.all(connections.map(configure));
    },
    disconnectCredential: (credentialId) => {
      for (const connection of registry.all()) {
        if (connection.identity.credentialId !== credentialId) continue;
        connection.close(CLOSE_CODE.credentialRefused, 'the credential was revoked');
      }
    },
    disconnectGateway: (gatewayId) => {
      for (const connection of registry.connectionsOf(gatewayId)) {
        connection.close(CLOSE_CODE.gatewayDisabled, 'the gateway was disabled or deleted');
      }
    },
    testConnection: (gatewayId, signal) =>
      testConnection(gatewayId, registry.connectionsOf(gatewayId), signal),
    drain: async () => {
      draining = true;
      for (const connection of registry.all()) connection.retire('this server is going away');
      await registry.whenEmpty();
    },
    close: () => {
      draining = true;
      for (const connection of registry.all())
        connection.close(CLOSE_CODE.goingAway, 'this server is stopping');
      webSockets.close();
    },
  };
}

async function testConnection(
  gatewayId: string,
  connections: readonly InstanceConnection[],
  signal: AbortSignal | undefined,
): Promise<GatewayConnectionReport> {
  const able = connections.filter((connection) => connection.accepts && connection.can('testConnection'));
  if (able.length === 0) {
    throw makeHubError(
      'GATEWAY_NOT_CONNECTED',
      `No instance of gateway ${gatewayId} is connected that could test.`,
    );
  }
  const instances = await Promise.all(
    able.map(async (connection): Promise<InstanceConnectionReport> => {
      const answer = await connection.request({ type: 'testConnection' }, signal);
      if (answer.type !== 'connectionReport') {
        throw makeHubError('GATEWAY_PROTOCOL', `A connection test was answered with a ${answer.type}.`);
      }
      const { instanceId = '', hostname = '' } = connection.instance ?? {};
      return { instanceId, hostname, servers: answer.servers };
    }),
  );
  const succeeded = instances.every(({ servers }) => servers.some((server) => server.reached === 'signedOn'));
  return { succeeded, instances };
}
