import type { MetricTable } from '@sallyport/runtime';

/** Everything `/metrics` shows beside the process itself. */
export const SERVER_METRICS = {
  httpRequests: {
    kind: 'counter',
    unit: 'total',
    description: 'Answered requests by address pattern and status class.',
    labels: { route: undefined, status: ['2xx', '3xx', '4xx', '5xx'] },
  },
  httpRequestDuration: {
    kind: 'histogram',
    unit: 'seconds',
    description: 'Time from the first byte of a request to the last of its answer.',
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
  },
  gatewayReports: {
    kind: 'counter',
    unit: 'total',
    description: 'Reports of gateway instances: hello, health, metrics, goodbye.',
    labels: { health: ['HEALTHY', 'UNHEALTHY'] },
  },
} as const satisfies MetricTable;
