import { isDeepStrictEqual } from 'node:util';
import { pagesOf, type RunBody, type UserBody } from '@sallyport/contract';
import {
  type Configuration,
  type GatewayProgramOptions,
  type GatewaySetUp,
  type MappingSetUp,
  makeGateway,
  makeInboundRule,
  makeRevision,
  type Program,
  startGateway,
  waitForInstances,
  waitUntil,
} from '@sallyport/testkit';
import { type Groups, makeGroups } from './groups.ts';
import { makePeople, type People } from './people.ts';
import { type StoredGroup, storedGroups } from './stored-groups.ts';
import { PROGRAMS_FROM, type StoryHouse } from './story-house.ts';
import { makeSyncedRule, type SyncedRule } from './synced-rule.ts';

export interface StoryOptions {
  /** Gateway instances to start; default 1. */
  readonly instances?: number;
  /** Where instances dial; default the server itself. */
  readonly gatewayServerUrl?: string;
  /** Whom the gateway binds as; default the directory's administrator. */
  readonly account?: { readonly bindDn: string; readonly bindPassword: string };
  /** `host:port` the gateway dials; default the directory's plain port. */
  readonly directoryAddress?: string;
  /** Leaves earlier stories of the house as they are; otherwise they end, OU and environment included. */
  readonly besideOthers?: boolean;
}

export interface RuleOptions {
  readonly base?: string;
  readonly configuration?: Configuration;
  readonly actions?: Configuration;
  readonly sourceConfiguration?: Configuration;
  readonly mappings?: readonly MappingSetUp[];
  readonly managed?: boolean;
}

/** A tenant with a directory's OU of its own: what happens in one story is not seen in another. */
export interface Story {
  readonly environmentId: string;
  /** The OU that belongs to this story alone. */
  readonly root: string;
  readonly people: People;
  /** Groups of the directory; `groups()` are those of the identity store. */
  readonly teams: Groups;
  readonly gateway: GatewaySetUp;
  readonly instances: readonly Program[];
  startInstance(options?: Partial<GatewayProgramOptions>): Promise<Program>;
  /** A rule over the story's OU, in effect, without waiting for its first run. */
  startRule(options?: RuleOptions): Promise<SyncedRule>;
  /** The same, and its first load, which begins by itself, has ended. */
  rule(options?: RuleOptions): Promise<{ readonly rule: SyncedRule; readonly load: RunBody }>;
  revision(): Promise<void>;
  /** A rule whose first load has ended and that the directory wakes by itself: no story need ask for a run. */
  liveRule(options?: RuleOptions): Promise<SyncedRule>;
  /** Switches a rule off and on again, in effect at once. */
  setActive(rule: SyncedRule, active: boolean): Promise<void>;
  /** By user name. */
  users(): Promise<ReadonlyMap<string, UserBody>>;
  user(username: string): Promise<UserBody>;
  /** By name, with who is in them directly. */
  groups(): Promise<ReadonlyMap<string, StoredGroup>>;
  group(name: string): Promise<StoredGroup>;
  /** Names of groups with the names of who is in them directly, users then groups, as one comparable record. */
  membership(): Promise<Readonly<Record<string, readonly string[]>>>;
  /** Waits for a membership that no story asks a run for. */
  membershipBecomes(expected: Readonly<Record<string, readonly string[]>>): Promise<void>;
  /** Takes everything away again: environment, instances, OU. */
  end(): Promise<void>;
  stopInstances(): Promise<void>;
}

/** Stories start runs themselves; hints of the directory wake rules besides, as in daily work. */
const SELDOM = { POLL_INTERVAL_SECONDS: 86_400 };

let stories = 0;

export async function openStory(house: StoryHouse, name: string, options: StoryOptions): Promise<Story> {
  const { api, directory, spelling, tools } = house;
  stories += 1;
  const { id: environmentId } = await api.environments.create({
    body: { name: `${name} ${stories}`, type: 'SANDBOX' },
  });
  const root = await makePeople(tools, spelling, directory.baseDn).addUnit(`Story ${stories}`);
  const gateway = await makeGateway(api, environmentId, 'Directory', {
    servers: [options.directoryAddress ?? `${directory.host}:${directory.port}`],
    bindDn: options.account?.bindDn ?? directory.bindDn,
    bindPassword: options.account?.bindPassword ?? directory.bindPassword,
    vendor: spelling.vendor,
  });
  const instances: Program[] = [];
  const startInstance = async (more: Partial<GatewayProgramOptions> = {}): Promise<Program> => {
    const program = startGateway({
      serverUrl: options.gatewayServerUrl ?? house.server.url,
      credential: gateway.credential,
      from: PROGRAMS_FROM,
      ...more,
    });
    instances.push(program);
    const running = instances.filter((instance) => instance.isRunning()).length;
    await waitForInstances(api, environmentId, gateway.gatewayId, running).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${program.output()}`);
    });
    return program;
  };
  for (let started = 0; started < (options.instances ?? 1); started += 1) await startInstance();
  let rules = 0;
  const startRule = async (ruleOptions: RuleOptions = {}): Promise<SyncedRule> => {
    rules += 1;
    const made = await makeInboundRule(api, environmentId, {
      name: `Rule ${rules}`,
      gatewayId: gateway.gatewayId,
      ldapType: spelling.vendor,
      configuration: { USERS_BASE_DN: ruleOptions.base ?? root, ...SELDOM, ...ruleOptions.configuration },
      actions: { ...ruleOptions.actions },
      sourceConfiguration: { ...accountFlag(house), ...ruleOptions.sourceConfiguration },
      managed: ruleOptions.managed ?? false,
      mappings: ruleOptions.mappings ?? [],
    });
    await makeRevision(api, environmentId);
    return makeSyncedRule(api, environmentId, made);
  };
  const users = async (): Promise<ReadonlyMap<string, UserBody>> => {
    const found = new Map<string, UserBody>();
    for await (const page of pagesOf(api.users.list, { environmentId, query: { limit: 1000 } }))
      for (const user of page._embedded.users) found.set(user.username, user);
    return found;
  };
  const loadedRule: Story['rule'] = async (ruleOptions) => {
    const rule = await startRule(ruleOptions);
    const { runs } = await rule.sync('delta');
    const load = runs.find((run) => run.type === 'full');
    if (load === undefined) throw new Error(`no first load among ${JSON.stringify(runs)}`);
    return { rule, load };
  };
  const groups = async (): Promise<ReadonlyMap<string, StoredGroup>> =>
    storedGroups(api, environmentId, (await users()).values());
  const membership = async (): Promise<Readonly<Record<string, readonly string[]>>> =>
    Object.fromEntries(
      [...(await groups())].map(([key, group]) => [key, [...group.users, ...group.groups]] as const),
    );
  const people = makePeople(tools, spelling, root);
  const stopInstances = async (): Promise<void> => {
    await Promise.all(instances.map((instance) => (instance.isRunning() ? instance.stop() : undefined)));
  };
  return {
    environmentId,
    root,
    people,
    teams: makeGroups(tools, spelling, directory, root),
    gateway,
    instances,
    startInstance,
    startRule,
    rule: loadedRule,
    liveRule: async (ruleOptions) => {
      const { rule } = await loadedRule(ruleOptions);
      await waitUntil(async () => (await rule.status()).push, 'the directory tells of changes by itself');
      return rule;
    },
    setActive: async ({ ruleId }, active) => {
      const { name: ruleName, configuration } = await api.rules.read({ environmentId, ruleId });
      await api.rules.replace({ environmentId, ruleId, body: { name: ruleName, active, configuration } });
      await makeRevision(api, environmentId);
    },
    revision: async () => {
      await makeRevision(api, environmentId);
    },
    users,
    user: async (username) => {
      const all = await users();
      const user = all.get(username);
      if (user === undefined)
        throw new Error(`there is no user ${username}; there are ${[...all.keys()].join(', ') || 'none'}`);
      return user;
    },
    groups,
    group: async (key) => {
      const all = await groups();
      const group = all.get(key);
      if (group === undefined)
        throw new Error(`there is no group ${key}; there are ${[...all.keys()].join(', ') || 'none'}`);
      return group;
    },
    membership,
    membershipBecomes: async (expected) => {
      let last: unknown;
      const isThere = async (): Promise<boolean> => {
        last = await membership();
        return isDeepStrictEqual(last, expected);
      };
      await waitUntil(isThere, 'the membership is as expected').catch((error: unknown) => {
        throw new Error(`${String(error)}: ${JSON.stringify(last)} is not ${JSON.stringify(expected)}`);
      });
    },
    end: async () => {
      await api.environments.remove({ environmentId });
      await stopInstances();
      await people.removeTree(root);
    },
    stopInstances,
  };
}

/** OpenLDAP has no account state of its own: the store names the attribute. */
function accountFlag({ kind, spelling }: StoryHouse): Configuration {
  if (!kind.includes('OpenLDAP')) return {};
  const { attribute, disabled } = spelling.account;
  return { ACCOUNT_STATUS_ATTRIBUTE: attribute, ACCOUNT_STATUS_DISABLED_VALUE: disabled };
}
