import { CodedError, type ErrorDetail, type ObjectType } from '@sallyport/model';
import type { Clock, Log } from '@sallyport/runtime';
import { compileMappings } from '../mapping/compile-mappings.ts';
import type { CompiledMappings } from '../mapping/compiled-mappings.ts';
import { makeMapper } from '../mapping/map-object.ts';
import { Memberships } from '../membership/memberships.ts';
import type { ReadableState, ReadableTarget } from '../port/readable.ts';
import type { ReadNeed, SourceReader } from '../port/source.ts';
import { type EngineRule, graceMs, groupView } from '../rule/engine-rule.ts';
import { permissionsFor } from '../rule/permissions.ts';
import { BatchPlanner, type Naming } from './batch-planner.ts';
import type { Execution, RunParts } from './execution.ts';
import type { PlanSink } from './plan-sink.ts';
import type { RunLedger } from './run-ledger.ts';

/** The mappings of a rule, for each type of object it looks at. */
export interface RuleMappings {
  readonly main: CompiledMappings;
  readonly groups: CompiledMappings | undefined;
}

/** @throws CodedError `INVALID_MAPPINGS` with the faults of all types in `details`. */
export function compileRule(rule: EngineRule, target: ReadableTarget): RuleMappings {
  const view = target.memberships === undefined ? undefined : groupView(rule);
  if (view === undefined) return { main: compileMappings(rule, target), groups: undefined };
  const faults: ErrorDetail[] = [];
  const sentences: string[] = [];
  const compile = (one: EngineRule): CompiledMappings | undefined => {
    try {
      return compileMappings(one, target);
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      faults.push(...(error.details ?? []));
      sentences.push(error.message);
      return undefined;
    }
  };
  const main = compile(rule);
  const groups = compile(view);
  if (main !== undefined && groups !== undefined) return { main, groups };
  throw new CodedError('INVALID_MAPPINGS', sentences.join('. '), { details: faults });
}

/** What a rule asks its source for. */
export function needOf(rule: EngineRule, { main, groups }: RuleMappings): ReadNeed {
  if (groups === undefined) return { attributes: main.needs };
  return {
    attributes: main.needs,
    groups: { attributes: groups.needs, members: rule.actions.syncMemberships },
  };
}

export function syncsMemberships(rule: EngineRule, { groups }: RuleMappings): boolean {
  return groups !== undefined && rule.actions.syncMemberships;
}

/** What planners have to know about memberships; undefined where the rule does not look at groups. */
export function namingOf(
  rule: EngineRule,
  mappings: RuleMappings,
  source: Pick<SourceReader, 'referenceOf'>,
  relink: boolean,
): Naming | undefined {
  if (mappings.groups === undefined) return undefined;
  return {
    referenceOf: (place) => source.referenceOf(place),
    relink,
    members: rule.actions.syncMemberships,
  };
}

export interface PartsInput {
  readonly rule: EngineRule;
  readonly mappings: RuleMappings;
  readonly source: SourceReader;
  readonly target: ReadableTarget;
  readonly state: ReadableState;
  readonly ledger: RunLedger;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly log: Log;
  readonly sinkOf: (objectType: ObjectType) => PlanSink;
  readonly preview: boolean;
  readonly recovering: boolean;
  /** The links were made by runs that did not look at groups, and have to learn what groups call their objects. */
  readonly relink: boolean;
}

/** Puts together what a run of users, groups and memberships works with. A preview's parts have nothing that writes. */
export function makeRunParts(input: PartsInput): RunParts {
  const { rule, mappings, source, target, state, ledger, clock, signal, log } = input;
  const need = needOf(rule, mappings);
  const naming = namingOf(rule, mappings, source, input.relink);
  const laneOf = (view: EngineRule, compiled: CompiledMappings): Execution => {
    const permissions = permissionsFor(view.objectType, view.actions);
    return {
      rule: view,
      mappings: compiled,
      permissions,
      need,
      source,
      target,
      state,
      planner: new BatchPlanner({
        mappings: compiled,
        mapper: makeMapper(compiled, ledger.startedAt),
        permissions,
        target,
        state,
        graceMs: graceMs(view),
        now: () => clock.now(),
        rememberClaims: input.preview,
        naming,
      }),
      sink: input.sinkOf(view.objectType),
      ledger,
      clock,
      signal,
      log,
    };
  };
  const main = laneOf(rule, mappings.main);
  const view = groupView(rule);
  const groups =
    view === undefined || mappings.groups === undefined ? undefined : laneOf(view, mappings.groups);
  const { memberships } = target;
  return {
    main,
    groups,
    recovering: input.recovering,
    memberships:
      groups === undefined ||
      memberships === undefined ||
      rule.groups === undefined ||
      naming?.members !== true
        ? undefined
        : new Memberships({
            limits: rule.groups,
            state,
            target: { ...target, memberships },
            nameOf: nameOf(mappings),
            now: () => clock.now(),
            signal,
            source,
            sink: groups.sink,
            ledger,
            preview: input.preview,
          }),
  };
}

/** By what people recognise objects: the attribute by which they are matched. */
export function nameOf({ main, groups }: RuleMappings): (objectType: ObjectType) => string {
  return (objectType) => {
    const compiled = groups !== undefined && objectType === 'group' ? groups : main;
    return compiled.matching.target.name;
  };
}
