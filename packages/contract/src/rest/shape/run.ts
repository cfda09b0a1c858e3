import * as z from 'zod';
import { answeredReference, clearable, collection, pageQuery, resource, timestamp } from './common.ts';

export const RUN_TYPES = ['full', 'delta', 'preview'] as const;
export const OUTCOMES = [
  'created',
  'updated',
  'linked',
  'disabled',
  'enabled',
  'deleted',
  'unchanged',
  'skipped',
  'held',
  'conflict',
  'failed',
] as const;

export const runInput = z.object({
  type: z.enum(RUN_TYPES),
  reason: clearable(z.string().min(1).max(256)),
});

export const run = resource({
  id: z.string(),
  environment: answeredReference,
  rule: answeredReference,
  type: z.enum(RUN_TYPES),
  status: z.enum(['running', 'completed', 'held', 'failed', 'interrupted', 'cancelled']),
  reason: z.string(),
  startedAt: timestamp,
  endedAt: timestamp.optional(),
  read: z.number(),
  expected: z.number().optional(),
  /** Objects read a second since the start, and the end that follows from it. */
  ratePerSecond: z.number().optional(),
  estimatedEndAt: timestamp.optional(),
  counts: z.record(z.enum(OUTCOMES), z.number()),
  error: z.object({ code: z.string(), message: z.string() }).optional(),
});
export type RunBody = z.input<typeof run>;
export const runs = collection('runs', run);

export const attributeChange = z.object({
  attribute: z.string(),
  before: z.array(z.string()),
  after: z.array(z.string()),
  masked: z.boolean().optional(),
});

const objectType = z.enum(['user', 'group']).optional().meta({ description: 'Only users, or only groups.' });
const contains = z
  .string()
  .min(1)
  .max(256)
  .optional()
  .meta({ description: 'Part of the username, the group name or the place; letter case does not count.' });

export const change = z.object({
  at: timestamp,
  objectType: z.enum(['user', 'group']),
  sourceKey: z.string(),
  place: z.string(),
  targetId: z.string().optional(),
  label: z.string(),
  outcome: z.enum(OUTCOMES),
  reason: z.string(),
  errorCode: z.string().optional(),
  changes: z.array(attributeChange),
});
export type ChangeBody = z.input<typeof change>;
export const changes = collection('changes', change);
export const changesQuery = pageQuery.extend({
  outcome: z.string().max(256).optional().meta({ description: 'Only objects with this outcome.' }),
  objectType,
  contains,
});

export const releaseResult = z.object({
  run: answeredReference.optional(),
  /** Everything that was on the list. */
  removals: z.number(),
  /** How many of them were memberships. */
  memberships: z.number(),
});

export const explainInput = z.object({
  /** DN, source key or login name. */
  identifier: z.string().min(1).max(4096),
});

/** Every step from one source object to what would be done about it, in order. */
export const explanation = z.object({
  found: z.boolean(),
  /** Why nothing was found; otherwise why the outcome is what it is. */
  reason: z.string(),
  sourceKey: z.string().optional(),
  place: z.string().optional(),
  active: z.boolean().optional(),
  scope: z.object({ inScope: z.boolean(), clause: z.string() }).optional(),
  link: z
    .object({
      targetId: z.string().optional(),
      presence: z.string(),
      status: z.string(),
      outcome: z.enum(OUTCOMES),
      reason: z.string(),
      lastSyncAt: timestamp,
    })
    .optional(),
  mapped: z
    .array(
      z.object({
        mapping: z.string(),
        targetAttribute: z.string(),
        values: z.array(z.string()),
        masked: z.boolean(),
        error: z.object({ code: z.string(), message: z.string() }).optional(),
      }),
    )
    .optional(),
  action: z
    .object({
      outcome: z.enum(OUTCOMES),
      status: z.string(),
      errorCode: z.string().optional(),
      targetId: z.string().optional(),
      changes: z.array(attributeChange),
    })
    .optional(),
});
export type ExplanationBody = z.input<typeof explanation>;

/** Each object of the rule in exactly one: they add up. */
export const objectStates = z.object({
  success: z.number(),
  partialSynced: z.number(),
  unsynced: z.number(),
  failed: z.number(),
  held: z.number(),
  conflict: z.number(),
  /** Left the source and is settled at the target, e.g. disabled. */
  removed: z.number(),
  /** Left the source; a person discarded its removal. */
  kept: z.number(),
});

/** As PingOne counts: `success` and `partialSynced` overlap, and `failed` has the conflicts in it. */
export const objectCounters = z.object({
  impacted: z.number(),
  success: z.number(),
  unsynced: z.number(),
  partialSynced: z.number(),
  failed: z.number(),
  held: z.number(),
  conflict: z.number(),
  states: objectStates,
});

export const ruleStatus = resource({
  environment: answeredReference,
  rule: answeredReference,
  state: z.enum(['ACTIVE', 'INACTIVE', 'FAILED', 'HELD', 'WAITING']),
  detail: z.string(),
  direction: z.enum(['INBOUND', 'OUTBOUND']),
  users: objectCounters,
  groups: objectCounters,
  /** Whether the rule looks at groups at all. */
  readsGroups: z.boolean(),
  /** What waits for a person, and in the lists of which runs; absent if nothing does. */
  heldRemovals: z
    .object({
      users: z.number(),
      groups: z.number(),
      memberships: z.number(),
      runs: z.array(answeredReference),
    })
    .optional(),
  /** End of the last run that synced; polls that found nothing new are told by `lastPollAt`. */
  lastSyncAt: timestamp.optional(),
  lastPollAt: timestamp.optional(),
  nextRunAt: timestamp.optional(),
  nextFullRunAt: timestamp.optional(),
  running: answeredReference.optional(),
  queued: z.array(z.string()),
  lastRun: run.optional(),
  strategy: z.string().optional(),
  strategyReason: z.string().optional(),
  /** The source wakes the rule by itself. */
  push: z.boolean(),
  warnings: z.array(z.string()),
  breaker: z.object({
    open: z.boolean(),
    failures: z.number(),
    reason: z.string().optional(),
    nextTryAt: timestamp.optional(),
  }),
});
export type RuleStatusBody = z.input<typeof ruleStatus>;

/** The lasting state of one object under one rule. */
export const syncedObject = resource({
  objectType: z.enum(['user', 'group']),
  sourceKey: z.string(),
  place: z.string(),
  /** What a person recognises: username or group name at the target, else the name in the place. */
  label: z.string(),
  targetId: z.string().optional(),
  status: z.string(),
  outcome: z.enum(OUTCOMES),
  reason: z.string(),
  errorCode: z.string().optional(),
  lastSyncAt: timestamp,
  /** When source and target last agreed. */
  lastSuccessAt: timestamp.optional(),
});
export type SyncedObjectBody = z.input<typeof syncedObject>;
export const syncedObjects = collection('objects', syncedObject);
export const syncedObjectsQuery = pageQuery.extend({
  status: z.string().max(64).optional(),
  objectType,
  contains,
});

export const heldRemoval = z.object({
  /** `membership`: the member that `label` names leaves `group`; both stay. */
  objectType: z.enum(['user', 'group', 'membership']),
  /** Of a membership: key and place of the group. */
  sourceKey: z.string(),
  place: z.string(),
  label: z.string(),
  how: z.enum(['deleted', 'outOfScope', 'leftGroup']),
  detail: z.string(),
  /** Of a membership. */
  group: z.object({ id: z.string().optional(), name: z.string() }).optional(),
  member: z.object({ type: z.enum(['user', 'group']), id: z.string() }).optional(),
});
export type HeldRemovalBody = z.input<typeof heldRemoval>;
export const heldRemovals = collection('removals', heldRemoval);
