import { z } from 'zod';
import { connectionReportSchema } from './message/connection-report.ts';
import { drainingSchema } from './message/draining.ts';
import { failureSchema } from './message/failure.ts';
import { healthSchema } from './message/health.ts';
import { helloSchema } from './message/hello.ts';
import { metricsSchema } from './message/metrics.ts';
import { resultSchema } from './message/result.ts';

/** Everything an instance says to a server, binary frames aside. */
export const upMessageSchema = z.discriminatedUnion('type', [
  helloSchema,
  resultSchema,
  failureSchema,
  connectionReportSchema,
  healthSchema,
  metricsSchema,
  drainingSchema,
]);

export type UpMessage = z.infer<typeof upMessageSchema>;
