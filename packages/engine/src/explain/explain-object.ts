import type { AttributeChange, LinkStatus, Outcome } from '@sallyport/model';
import type { Clock } from '@sallyport/runtime';
import { compileMappings } from '../mapping/compile-mappings.ts';
import type { CompiledMapping } from '../mapping/compiled-mappings.ts';
import { type MappingValue, makeMapper } from '../mapping/map-object.ts';
import type { ReadableState, ReadableTarget } from '../port/readable.ts';
import type { ScopeExplanation, SourceReader } from '../port/source.ts';
import type { Link } from '../port/sync-state.ts';
import { type EngineRule, graceMs } from '../rule/engine-rule.ts';
import { permissionsFor } from '../rule/permissions.ts';
import { BatchPlanner } from '../run/batch-planner.ts';
import type { PlannedObject } from '../run/planned-object.ts';

export interface ExplainInput {
  readonly source: SourceReader;
  readonly target: ReadableTarget;
  readonly state: ReadableState;
  readonly rule: EngineRule;
  /** A DN, a key or a login name. */
  readonly identifier: string;
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

export interface ExplainedMapping {
  readonly mapping: string;
  readonly targetAttribute: string;
  /** Left out where the mapping is masked. */
  readonly values: readonly string[];
  readonly masked: boolean;
  readonly error: { readonly code: string; readonly message: string } | undefined;
}

/** Every step from one source object to what would be done about it, in order. */
export type Explanation =
  | { readonly read: false; readonly reason: string }
  | {
      readonly read: true;
      readonly key: string;
      readonly place: string;
      readonly active: boolean | undefined;
      readonly scope: ScopeExplanation;
      readonly link:
        | Pick<Link, 'targetId' | 'presence' | 'status' | 'outcome' | 'reason' | 'lastSyncAt'>
        | undefined;
      readonly mapped: readonly ExplainedMapping[];
      readonly action: {
        readonly outcome: Outcome;
        readonly status: LinkStatus;
        readonly reason: string;
        readonly errorCode: string | undefined;
        readonly targetId: string | undefined;
        readonly changes: readonly AttributeChange[];
      };
    };

/** Explains one object under one rule, saved or not. Reads both ends and writes nothing. */
export async function explainObject(input: ExplainInput): Promise<Explanation> {
  const { rule, source, target, state, signal, clock, identifier } = input;
  const mappings = compileMappings(rule, target);
  await source.open(signal);
  const found = await source.find(identifier, { attributes: mappings.needs }, signal);
  if (found === undefined)
    return {
      read: false,
      reason: `The source has no ${rule.objectType} ${JSON.stringify(identifier)} that the account can read; try its DN, its key or its login name`,
    };
  const { object, scope } = found;
  const mapper = makeMapper(mappings, clock.now());
  const all = mappings.active === undefined ? mappings.plain : [...mappings.plain, mappings.active];
  const mapped = all.map((mapping) => shown(mapping, mapper.value(mapping, object)));
  const planner = new BatchPlanner({
    // Asking for the time switches off the shortcut for unchanged objects: an explanation goes all the way.
    mappings: { ...mappings, usesClock: true },
    mapper,
    permissions: permissionsFor(rule.objectType, rule.actions),
    target,
    state,
    graceMs: graceMs(rule),
    now: () => clock.now(),
    rememberClaims: false,
  });
  const { key, place, active } = object;
  const link = key === '' ? undefined : (await state.linksByKeys(rule.objectType, [key])).get(key);
  const [planned] = scope.inScope
    ? await planner.plan(await planner.prepare([object]), true)
    : link === undefined
      ? []
      : await planner.planGone([{ link, how: 'outOfScope', detail: scope.clause }]);
  return { read: true, key, place, active, scope, link, mapped, action: actionOf(planned, scope) };
}

function actionOf(
  planned: PlannedObject | undefined,
  scope: ScopeExplanation,
): Extract<Explanation, { read: true }>['action'] {
  if (planned === undefined)
    return {
      outcome: 'unchanged',
      status: 'UNSYNCED',
      reason: `Out of scope (${scope.clause}) and never linked: left alone`,
      errorCode: undefined,
      targetId: undefined,
      changes: [],
    };
  const { outcome, status, reason, errorCode, targetId, changes } = planned.plan;
  return { outcome, status, reason, errorCode, targetId, changes };
}

function shown(mapping: CompiledMapping, value: MappingValue): ExplainedMapping {
  return {
    mapping: mapping.name,
    targetAttribute: mapping.target.name,
    values: 'values' in value && !mapping.masked ? value.values : [],
    masked: mapping.masked,
    error: 'code' in value ? value : undefined,
  };
}
