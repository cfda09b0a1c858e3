import { OUTCOMES } from '@sallyport/model';
import type { MetricTable } from '@sallyport/runtime';

const JOURNALED_OUTCOMES = OUTCOMES.filter((outcome) => outcome !== 'unchanged');

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
  runs: {
    kind: 'counter',
    unit: 'total',
    description: 'Runs that ended, polls that found nothing among them.',
    labels: {
      type: ['full', 'delta'],
      status: ['completed', 'held', 'failed', 'interrupted', 'cancelled'],
    },
  },
  runDuration: {
    kind: 'histogram',
    unit: 'seconds',
    description: 'Time from the start of a run to its end.',
    labels: { type: ['full', 'delta'] },
    buckets: [0.05, 0.25, 1, 5, 30, 120, 600, 3600],
  },
  objects: {
    kind: 'counter',
    unit: 'total',
    description: 'What became of objects in runs and decisions: one for each line of the journal.',
    labels: { type: ['user', 'group'], outcome: JOURNALED_OUTCOMES },
  },
  objectsUnchanged: {
    kind: 'counter',
    unit: 'total',
    description: 'Objects that were read and found in step. They leave no line in the journal.',
  },
  activeRules: {
    kind: 'gauge',
    unit: 'none',
    description: 'Rules that this process runs.',
  },
  rule: {
    kind: 'gauge',
    unit: 'info',
    description: 'Always 1: joins a rule id with its name and environment.',
    labels: { rule: undefined, name: undefined, environment: undefined },
  },
  ruleLastAppliedChangeAge: {
    kind: 'gauge',
    unit: 'seconds',
    description:
      'Time since the end of the newest run that changed something at the target. Absent while there was none.',
    labels: { rule: undefined },
  },
  ruleLastSuccessfulPollAge: {
    kind: 'gauge',
    unit: 'seconds',
    description:
      'Time since the source was last asked with success, whether or not there was news: how old the target can be at most. Absent before the first time in this process.',
    labels: { rule: undefined },
  },
  ruleLinks: {
    kind: 'gauge',
    unit: 'objects',
    description: 'Objects of a rule by type and disjoint state, up to a minute old while nothing happens.',
    labels: { rule: undefined, type: ['user', 'group'], state: undefined },
  },
  ruleRemovalsHeld: {
    kind: 'gauge',
    unit: 'objects',
    description: 'Removals that wait for a person.',
    labels: { rule: undefined, type: ['user', 'group', 'membership'] },
  },
  ruleBreakerOpen: {
    kind: 'gauge',
    unit: 'none',
    description: '1 while the polls of a rule are suspended after repeated failures.',
    labels: { rule: undefined },
  },
  rulePush: {
    kind: 'gauge',
    unit: 'none',
    description: '1 while the source wakes the rule by itself.',
    labels: { rule: undefined },
  },
  gatewayInstances: {
    kind: 'gauge',
    unit: 'none',
    description: 'Instances of a gateway connected to this process, and how many of these are healthy.',
    labels: { gateway: undefined, state: ['connected', 'healthy'] },
  },
} as const satisfies MetricTable;
