import type { AttributeChange, LinkStatus, ObjectType, Outcome } from '@sallyport/model';
import type { Clock } from '@sallyport/runtime';
import type { CompiledMapping } from '../mapping/compiled-mappings.ts';
import { type MappingValue, makeMapper } from '../mapping/map-object.ts';
import { makeResolver } from '../membership/resolve-references.ts';
import type { ReadableState, ReadableTarget } from '../port/readable.ts';
import type { ScopeExplanation, SourceReader } from '../port/source.ts';
import type { Link } from '../port/sync-state.ts';
import { type EngineRule, graceMs } from '../rule/engine-rule.ts';
import { permissionsFor } from '../rule/permissions.ts';
import { BatchPlanner } from '../run/batch-planner.ts';
import { chunks, KEYS_AT_ONCE } from '../run/chunks.ts';
import { compileRule, nameOf, needOf } from '../run/make-parts.ts';
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
      readonly objectType: ObjectType;
      readonly key: string;
      readonly place: string;
      readonly active: boolean | undefined;
      readonly scope: ScopeExplanation;
      readonly link:
        | Pick<Link, 'targetId' | 'presence' | 'status' | 'outcome' | 'reason' | 'lastSyncAt'>
        | undefined;
      readonly mapped: readonly ExplainedMapping[];
      /** Of a group, where memberships are synced. */
      readonly members: ExplainedMembers | undefined;
      /** The rule's groups that the target object is in, where memberships are synced. */
      readonly groups: ExplainedGroups | undefined;
      readonly action: {
        readonly outcome: Outcome;
        readonly status: LinkStatus;
        readonly reason: string;
        readonly errorCode: string | undefined;
        readonly targetId: string | undefined;
        readonly changes: readonly AttributeChange[];
      };
    };

/** What the source says of the members of a group, and what of it is known here. */
export interface ExplainedMembers {
  readonly atSource: number;
  /** Linked under the rule and there at the target. */
  readonly resolved: number;
  /** Waiting for their objects. */
  readonly pending: number;
  /** The first of those that wait, by reference. */
  readonly firstPending: readonly string[];
}

export interface ExplainedGroups {
  readonly member: readonly { readonly targetId: string; readonly name: string; readonly place: string }[];
  /** Groups of the source that wait for this object. */
  readonly waiting: readonly string[];
}

/** Explains one object under one rule, saved or not. Reads both ends and writes nothing. */
export async function explainObject(input: ExplainInput): Promise<Explanation> {
  const { rule, source, target, state, signal, clock, identifier } = input;
  const compiled = compileRule(rule, target);
  await source.open(signal);
  const found = await source.find(identifier, needOf(rule, compiled), signal);
  const looksAt = compiled.groups === undefined ? rule.objectType : 'user or group';
  if (found === undefined)
    return {
      read: false,
      reason: `The source has no ${looksAt} ${JSON.stringify(identifier)} that the account can read; try its DN, its key or its login name`,
    };
  const { object, scope } = found;
  const { objectType } = object;
  const mappings = objectType === rule.objectType ? compiled.main : compiled.groups;
  if (mappings === undefined)
    return { read: false, reason: `${object.place} is a ${objectType}, which the rule does not look at` };
  const mapper = makeMapper(mappings, clock.now());
  const all = mappings.active === undefined ? mappings.plain : [...mappings.plain, mappings.active];
  const mapped = all.map((mapping) => shown(mapping, mapper.value(mapping, object)));
  const planner = new BatchPlanner({
    // Asking for the time switches off the shortcut for unchanged objects: an explanation goes all the way.
    mappings: { ...mappings, usesClock: true },
    mapper,
    permissions: permissionsFor(objectType, rule.actions),
    target,
    state,
    graceMs: graceMs(rule),
    now: () => clock.now(),
    rememberClaims: false,
  });
  const { key, place, active, references } = object;
  const synced = compiled.groups !== undefined && rule.actions.syncMemberships;
  const memberReferences =
    synced && objectType === 'group' && object.members !== undefined ? [...object.members] : undefined;
  const link = key === '' ? undefined : (await state.linksByKeys(objectType, [key])).get(key);
  const [planned] = scope.inScope
    ? await planner.plan(await planner.prepare([object]), true)
    : link === undefined
      ? []
      : await planner.planGone([{ link, how: 'outOfScope', detail: scope.clause }]);
  return {
    read: true,
    objectType,
    key,
    place,
    active,
    scope,
    link,
    mapped,
    members: memberReferences === undefined ? undefined : await explainMembers(input, memberReferences),
    groups: synced
      ? await explainGroups(input, objectType, link?.targetId, references, nameOf(compiled)('group'))
      : undefined,
    action: actionOf(planned, scope),
  };
}

const SHOWN_PENDING = 20;

async function explainMembers(
  { state, source }: ExplainInput,
  all: readonly string[],
): Promise<ExplainedMembers> {
  const references = [...new Set(all)];
  const links = await makeResolver(state, source).resolve(references);
  const pending = references.filter((reference) => links.get(reference)?.targetId === undefined);
  return {
    atSource: references.length,
    resolved: references.length - pending.length,
    pending: pending.length,
    firstPending: pending.slice(0, SHOWN_PENDING),
  };
}

async function explainGroups(
  { state, target }: ExplainInput,
  objectType: ObjectType,
  targetId: string | undefined,
  references: readonly string[],
  groupName: string,
): Promise<ExplainedGroups> {
  const waiting = await state.pendingByReferences(references);
  const waitingFor: string[] = [];
  for (const numbers of chunks([...new Set(waiting.map(({ groupLink }) => groupLink))], KEYS_AT_ONCE))
    for (const { place } of await state.linksByNumbers(numbers)) waitingFor.push(place);
  const ids =
    targetId === undefined || target.memberships === undefined
      ? []
      : ((await target.memberships.groupsOf(objectType, [targetId])).get(targetId) ?? []);
  const member: { targetId: string; name: string; place: string }[] = [];
  for (const chunk of chunks(ids, KEYS_AT_ONCE)) {
    const links = await state.linksByTargets('group', chunk);
    const groups = await target.readMany('group', [...links.keys()]);
    for (const [id, { place }] of links)
      member.push({ targetId: id, name: groups.get(id)?.attributes[groupName]?.[0] ?? place, place });
  }
  return { member, waiting: waitingFor };
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
