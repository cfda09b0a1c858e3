import { type Program, startProgram } from './program.ts';

export interface GatewayProgramOptions {
  readonly serverUrl: string;
  readonly credential: string;
  readonly from?: 'built' | 'source';
  readonly environment?: Readonly<Record<string, string>>;
}

/** Starts one gateway instance. It connects by itself; ask the server for the instance to know when. */
export function startGateway(options: GatewayProgramOptions): Program {
  return startProgram({
    name: 'gateway',
    from: options.from ?? 'built',
    environment: {
      SALLYPORT_SERVER_URL: options.serverUrl,
      SALLYPORT_GATEWAY_CREDENTIAL: options.credential,
      SALLYPORT_LOG_FORMAT: 'json',
      ...options.environment,
    },
  });
}
