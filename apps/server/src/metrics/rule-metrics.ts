import type { RunProgress } from '@sallyport/engine';
import type { Uuid } from '@sallyport/model';
import type { Clock, Metrics } from '@sallyport/runtime';
import type { Store, SyncCounters } from '@sallyport/store';
import { allItems } from '../http/all-items.ts';
import type { GatewayHub } from '../hub/gateway-hub.ts';
import type { RuleObserver } from '../sync/rule-observer.ts';
import type { RuleSpec } from '../sync/rule-spec.ts';
import type { RuleStatus } from '../sync/rule-status.ts';
import type { SERVER_METRICS } from './server-metrics.ts';

export interface RuleMetricsParts {
  readonly of: Metrics<typeof SERVER_METRICS>['of'];
  readonly store: Pick<Store, 'environments' | 'gateways' | 'links' | 'held' | 'runs'>;
  readonly hub: Pick<GatewayHub, 'instances'>;
  readonly rules: () => readonly RuleSpec[];
  readonly statusOf: (ruleId: Uuid) => RuleStatus;
  readonly clock: Clock;
}

export interface RuleMetrics {
  readonly observer: RuleObserver;
  /** Brings every gauge about rules and gateways up to date. */
  collect(): Promise<void>;
}

/** Rules and gateways with series of their own; the rest share the label `other`, so that an installation's size stays out of it. */
const MAX_LABELS = 200;
const OTHER = 'other';
/** Counting 100,000 links takes 6 ms: a rule that does nothing is not counted at every scrape. */
const COUNTED_FOR_MS = 60_000;
/** Where the newest change of an earlier process is looked for. */
const RUNS_LOOKED_AT = 50;
const CHANGES = ['created', 'updated', 'linked', 'disabled', 'enabled', 'deleted'] as const;

interface Known {
  countedAt: number | undefined;
  users: SyncCounters | undefined;
  groups: SyncCounters | undefined;
  /** Undefined: not looked for yet; null: there is none. */
  changedAt: number | null | undefined;
}

/** What Prometheus sees of rules and gateways: counters as things happen, gauges when it asks. */
export function makeRuleMetrics({ of, store, hub, rules, statusOf, clock }: RuleMetricsParts): RuleMetrics {
  const known = new Map<string, Known>();
  const knownOf = (ruleId: string): Known => {
    const found = known.get(ruleId) ?? {
      countedAt: undefined,
      users: undefined,
      groups: undefined,
      changedAt: undefined,
    };
    known.set(ruleId, found);
    return found;
  };
  const observer: RuleObserver = {
    runEnded: ({ rule }, run) => {
      const { type, status } = run;
      of.runs.add({ type, status });
      if (run.endedAt !== undefined)
        of.runDuration.observe(Math.max(0, run.endedAt - run.startedAt) / 1000, { type });
      of.objectsUnchanged.add({}, run.counts.unchanged);
      const found = knownOf(rule.id);
      found.countedAt = undefined;
      if (run.endedAt !== undefined && changed(run)) found.changedAt = run.endedAt;
    },
    journaled: ({ rule }, entries) => {
      for (const { objectType, outcome } of entries)
        if (outcome !== 'unchanged') of.objects.add({ type: objectType, outcome });
      // A decision about held removals ends no run.
      knownOf(rule.id).countedAt = undefined;
    },
  };

  const recount = async ({ environmentId, rule }: RuleSpec, found: Known, now: number): Promise<void> => {
    if (found.countedAt !== undefined && now - found.countedAt < COUNTED_FOR_MS) return;
    found.countedAt = now;
    found.users = await store.links.counters(environmentId, rule.id, 'user');
    found.groups = await store.links.counters(environmentId, rule.id, 'group');
    if (found.changedAt === undefined) {
      const { items } = await store.runs.list(environmentId, { ruleId: rule.id, limit: RUNS_LOOKED_AT });
      found.changedAt = items.find((run) => run.endedAt !== undefined && changed(run))?.endedAt ?? null;
    }
  };

  const collectRules = async (): Promise<void> => {
    const now = clock.now();
    const specs = [...rules()].sort((one, other) => (one.rule.id < other.rule.id ? -1 : 1));
    const alive = new Set<string>(specs.map(({ rule }) => rule.id));
    for (const ruleId of known.keys()) if (!alive.has(ruleId)) known.delete(ruleId);
    const sums = new Series();
    const ages = new Series(Math.max);
    for (const [index, spec] of specs.entries()) {
      const { environmentId, rule } = spec;
      const found = knownOf(rule.id);
      await recount(spec, found, now);
      const held = await store.held.count(environmentId, rule.id);
      const status = statusOf(rule.id);
      const label = index < MAX_LABELS ? rule.id : OTHER;
      const labels = { rule: label };
      for (const [type, counters] of [
        ['user', found.users],
        ['group', found.groups],
      ] as const)
        for (const [state, count] of Object.entries(counters?.states ?? {}))
          sums.put('ruleLinks', { ...labels, type, state: state.toLowerCase() }, count);
      sums.put('ruleRemovalsHeld', { ...labels, type: 'user' }, held.users);
      sums.put('ruleRemovalsHeld', { ...labels, type: 'group' }, held.groups);
      sums.put('ruleRemovalsHeld', { ...labels, type: 'membership' }, held.memberships);
      sums.put('ruleBreakerOpen', labels, status.breaker.kind === 'open' ? 1 : 0);
      sums.put('rulePush', labels, status.push ? 1 : 0);
      if (label !== OTHER) sums.put('rule', { ...labels, name: rule.name, environment: environmentId }, 1);
      if (typeof found.changedAt === 'number')
        ages.put('ruleLastAppliedChangeAge', labels, seconds(now - found.changedAt));
      if (status.lastPollAt !== undefined)
        ages.put('ruleLastSuccessfulPollAge', labels, seconds(now - status.lastPollAt));
    }
    // Everything is read: between here and the end nobody sees half of it.
    for (const gauge of GAUGES) of[gauge].reset();
    for (const { gauge, labels, value } of [...sums.all(), ...ages.all()]) of[gauge].set(value, labels);
    of.activeRules.set(specs.length);
  };

  const collectGateways = async (): Promise<void> => {
    const sums = new Series();
    let index = 0;
    for (const environment of await allItems((request) => store.environments.list(request)))
      for (const { id } of await allItems((request) => store.gateways.list(environment.id, request))) {
        const gateway = index < MAX_LABELS ? id : OTHER;
        index += 1;
        const connected = hub.instances(id).filter((instance) => instance.connected);
        sums.put('gatewayInstances', { gateway, state: 'connected' }, connected.length);
        sums.put(
          'gatewayInstances',
          { gateway, state: 'healthy' },
          connected.filter(({ healthStatus }) => healthStatus === 'HEALTHY').length,
        );
      }
    of.gatewayInstances.reset();
    for (const { labels, value } of sums.all()) of.gatewayInstances.set(value, labels);
  };

  return {
    observer,
    collect: async () => {
      await collectRules();
      await collectGateways();
    },
  };
}

const GAUGES = [
  'ruleLinks',
  'ruleRemovalsHeld',
  'ruleBreakerOpen',
  'rulePush',
  'rule',
  'ruleLastAppliedChangeAge',
  'ruleLastSuccessfulPollAge',
] as const;
type Gauge = (typeof GAUGES)[number] | 'gatewayInstances';
type Labels = Readonly<Record<string, string>>;

/** Values by labels; those that fall together are merged. */
class Series {
  readonly #merge: (left: number, right: number) => number;
  readonly #values = new Map<string, { gauge: Gauge; labels: Labels; value: number }>();

  constructor(merge: (left: number, right: number) => number = (left, right) => left + right) {
    this.#merge = merge;
  }

  put(gauge: Gauge, labels: Labels, value: number): void {
    const key = JSON.stringify([gauge, labels]);
    const known = this.#values.get(key);
    if (known === undefined) this.#values.set(key, { gauge, labels, value });
    else known.value = this.#merge(known.value, value);
  }

  all(): readonly { readonly gauge: Gauge; readonly labels: Labels; readonly value: number }[] {
    return [...this.#values.values()];
  }
}

function changed({ counts }: RunProgress): boolean {
  return CHANGES.some((outcome) => counts[outcome] > 0);
}

function seconds(ms: number): number {
  return Math.max(0, ms) / 1000;
}
