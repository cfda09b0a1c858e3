import {
  type ApiClient,
  type ChangeBody,
  type ExplanationBody,
  pagesOf,
  type RuleStatusBody,
  type RunBody,
} from '@sallyport/contract';
import { type InboundRule, waitUntil } from '@sallyport/testkit';

export type ChangeOfRun = ChangeBody & { readonly runId: string };

/** What runs did between two looks at a rule. Runs that a hint of the directory woke are among them. */
export interface News {
  readonly runs: readonly RunBody[];
  readonly last: RunBody;
  readonly changes: readonly ChangeOfRun[];
  /** Outcomes of the person with this user name or place, oldest first. */
  outcomesOf(name: string): readonly string[];
}

/** A rule in effect, and everything a story asks of it. */
export interface SyncedRule extends InboundRule {
  /**
   * Runs until a run that began after this call has ended: all that the directory held when the call was made is then
   * dealt with, whatever else was running.
   */
  sync(type: 'full' | 'delta', options?: { readonly timeoutMs?: number }): Promise<News>;
  /** What a full run still finds to do, in words: nothing where live changes left everything right. */
  leftForAFullRun(): Promise<readonly string[]>;
  start(type: 'full' | 'delta' | 'preview'): Promise<RunBody>;
  waitFor(runId: string, timeoutMs?: number): Promise<RunBody>;
  runs(): Promise<readonly RunBody[]>;
  changes(runId: string, outcome?: string): Promise<readonly ChangeOfRun[]>;
  removals(runId: string): Promise<readonly { readonly label: string; readonly place: string }[]>;
  release(runId: string): Promise<{ readonly removals: number }>;
  discard(runId: string): Promise<{ readonly removals: number }>;
  status(): Promise<RuleStatusBody>;
  objects(status?: string): Promise<readonly SyncedObject[]>;
  explain(identifier: string): Promise<ExplanationBody>;
  /** What the rule says of one group of the identity store. */
  syncedGroup(groupId: string): Promise<SyncedGroup>;
}

export type SyncedObject = Awaited<
  ReturnType<ApiClient['ruleState']['listObjects']>
>['_embedded']['objects'][number];

export type SyncedGroup = Awaited<ReturnType<ApiClient['syncedGroups']['read']>>;

const PAGE = { limit: 1000 };
const RUN_TIMEOUT_MS = 30_000;

export function makeSyncedRule(api: ApiClient, environmentId: string, made: InboundRule): SyncedRule {
  const key = { environmentId, ruleId: made.ruleId };
  const seen = new Set<string>();
  const waitFor = (runId: string, timeoutMs = RUN_TIMEOUT_MS): Promise<RunBody> =>
    waitUntil(
      async () => {
        const run = await api.runs.read({ ...key, runId });
        return run.status !== 'running' && run;
      },
      `run ${runId} has ended`,
      { timeoutMs },
    );
  const start = (type: 'full' | 'delta' | 'preview'): Promise<RunBody> =>
    api.runs.start({ ...key, body: { type } });
  const runs = async (): Promise<readonly RunBody[]> => {
    const found: RunBody[] = [];
    for await (const page of pagesOf(api.runs.list, { ...key, query: PAGE }))
      found.push(...page._embedded.runs);
    return found;
  };
  const changes = async (runId: string, outcome?: string): Promise<readonly ChangeOfRun[]> => {
    const found: ChangeOfRun[] = [];
    const query = outcome === undefined ? PAGE : { ...PAGE, outcome };
    for await (const page of pagesOf(api.runs.listChanges, { ...key, runId, query }))
      found.push(...page._embedded.changes.map((change) => ({ ...change, runId })));
    return found;
  };
  const news = async (last: RunBody): Promise<News> => {
    const ended = (await runs()).filter((run) => run.status !== 'running' && !seen.has(run.id)).reverse();
    for (const run of ended) seen.add(run.id);
    const all = (await Promise.all(ended.map((run) => changes(run.id)))).flat();
    return {
      runs: ended,
      last,
      changes: all,
      outcomesOf: (name) =>
        all.filter((change) => change.label === name || change.place === name).map((c) => c.outcome),
    };
  };
  const sync: SyncedRule['sync'] = async (type, { timeoutMs = RUN_TIMEOUT_MS } = {}) => {
    const since = Date.now();
    for (;;) {
      const run = await start(type);
      const ended = await waitFor(run.id, timeoutMs);
      const isLater = Date.parse(ended.startedAt) >= since;
      if (isLater && (type === 'delta' || ended.type === 'full')) return news(ended);
    }
  };
  return {
    ...made,
    sync,
    leftForAFullRun: async () => {
      const { last } = await sync('full');
      const lines = await changes(last.id);
      return lines
        .filter(({ outcome }) => outcome !== 'unchanged' && outcome !== 'skipped')
        .map((line) => `${line.outcome} ${line.label}: ${line.reason}`);
    },
    start,
    waitFor,
    runs,
    changes,
    removals: async (runId) => {
      const found: { readonly label: string; readonly place: string }[] = [];
      for await (const page of pagesOf(api.runs.listRemovals, { ...key, runId, query: PAGE }))
        found.push(...page._embedded.removals);
      return found;
    },
    release: (runId) => api.runs.release({ ...key, runId }),
    discard: (runId) => api.runs.discard({ ...key, runId }),
    status: () => api.ruleState.readStatus(key),
    objects: async (status) => {
      const found: SyncedObject[] = [];
      const query = status === undefined ? PAGE : { ...PAGE, status };
      for await (const page of pagesOf(api.ruleState.listObjects, { ...key, query }))
        found.push(...page._embedded.objects);
      return found;
    },
    syncedGroup: (groupId) => api.syncedGroups.read({ ...key, groupId }),
    explain: (identifier) => api.ruleState.explain({ ...key, body: { identifier } }),
  };
}
