import { timingSafeEqual } from 'node:crypto';
import { CodedError, type Secret } from '@sallyport/model';
import type { FastifyInstance } from 'fastify';

export interface ProbeDependencies {
  /** Rejects if the database does not answer. */
  readonly checkReady: () => Promise<void>;
  readonly isDraining: () => boolean;
  readonly metricsText: () => Promise<string>;
  readonly metricsContentType: string;
  readonly metricsToken: Secret | undefined;
}

/** `/healthz`: the process lives. `/readyz`: send requests here. `/metrics`: for Prometheus. */
export function registerProbes(server: FastifyInstance, dependencies: ProbeDependencies): void {
  server.get('/healthz', () => ({ status: 'ok' }));
  server.get('/readyz', async (_request, reply) => {
    if (dependencies.isDraining()) return reply.code(503).send({ status: 'draining' });
    try {
      await dependencies.checkReady();
      return { status: 'ready' };
    } catch {
      // What is wrong is in the log; a probe only asks whether.
      return reply.code(503).send({ status: 'database does not answer' });
    }
  });
  server.get('/metrics', async (request, reply) => {
    assertToken(dependencies.metricsToken, request.headers.authorization);
    return reply.type(dependencies.metricsContentType).send(await dependencies.metricsText());
  });
}

function assertToken(token: Secret | undefined, authorization: string | undefined): void {
  if (token === undefined) return;
  const expected = Buffer.from(`Bearer ${token.reveal()}`);
  const sent = Buffer.from(authorization ?? '');
  if (sent.length !== expected.length || !timingSafeEqual(sent, expected))
    throw new CodedError('INVALID_TOKEN', 'The metrics are protected; send the metrics token as bearer');
}
