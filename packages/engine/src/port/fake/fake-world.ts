import { type Mapping, newUuid, plainMapping, type TargetActions } from '@sallyport/model';
import { makeManualClock, silentLog } from '@sallyport/runtime';
import type { ReleaseInput } from '../../guard/release-held.ts';
import type { EngineRule, GroupRule } from '../../rule/engine-rule.ts';
import { type RunInput, type RunSummary, runRule } from '../../run/run-rule.ts';
import type { RunProgress } from '../sync-state.ts';
import { FakeDirectory, type FakeEntry } from './fake-directory.ts';
import { FakeStore } from './fake-store.ts';

export function mapping(
  targetAttribute: string,
  source: Mapping['source'],
  extra: Partial<Mapping> = {},
): Mapping {
  return { ...plainMapping({ id: newUuid(), objectType: 'user', targetAttribute, source }), ...extra };
}

export const ALL_ACTIONS: TargetActions = {
  createUsers: true,
  updateUsers: true,
  disableUsers: true,
  deprovisionUsers: true,
  removeAction: 'Disable',
  provisionDisabledUsers: false,
  createGroups: true,
  renameGroups: true,
  deleteGroups: true,
  deleteGroupsOnRuleDeletion: false,
  syncMemberships: true,
};

export function makeRule(extra: Partial<EngineRule> = {}): EngineRule {
  return {
    id: 'rule',
    name: 'People',
    objectType: 'user',
    mappings: [
      mapping('username', { attribute: 'uid' }),
      mapping('email', { attribute: 'mail' }),
      mapping('name.family', { attribute: 'sn' }),
      mapping('phones', { attribute: 'telephoneNumber' }),
    ],
    matchingAttribute: 'username',
    actions: ALL_ACTIONS,
    maxRemovals: 500,
    maxRemovalsPercent: 100,
    removalGraceDays: 0,
    scope: { 'base DN': 'ou=people' },
    ...extra,
  };
}

export function person(uid: string, extra: Partial<FakeEntry> & { readonly sn?: string } = {}): FakeEntry {
  const { sn, ...rest } = extra;
  return {
    key: `key-${uid}`,
    place: `uid=${uid},ou=people`,
    active: true,
    attributes: { uid: [uid], mail: [`${uid}@example.com`], sn: [sn ?? 'Doe'] },
    ...rest,
  };
}

/** A rule that looks at groups too; limits large enough to be no matter. */
export function makeGroupRule(extra: Partial<EngineRule> = {}, groups: Partial<GroupRule> = {}): EngineRule {
  return makeRule({
    maxRemovals: 1000,
    actions: { ...ALL_ACTIONS, removeAction: 'Delete' },
    groups: {
      mappings: [
        mapping('name', { attribute: 'cn' }, { objectType: 'group' }),
        mapping('description', { attribute: 'description' }, { objectType: 'group' }),
      ],
      matchingAttribute: 'name',
      maxMemberRemovals: 1000,
      maxMemberRemovalsPercent: 100,
      ...groups,
    },
    ...extra,
  });
}

/** `members`: keys (`key-ann`), or references of what is no entry. */
export function group(
  cn: string,
  members: readonly string[],
  extra: Partial<FakeEntry> & { readonly description?: string } = {},
): FakeEntry {
  const { description, ...rest } = extra;
  return {
    key: `key-${cn}`,
    objectType: 'group',
    place: `cn=${cn},ou=groups`,
    active: undefined,
    attributes: { cn: [cn], description: [description ?? `All of ${cn}`] },
    members,
    ...rest,
  };
}

/** A directory, a store and a rule between them, under a clock that stands still unless moved. */
export function makeWorld(rule: EngineRule = makeRule()) {
  const directory = new FakeDirectory();
  const store = new FakeStore();
  const clock = makeManualClock();
  const world = {
    directory,
    store,
    clock,
    rule,
    run: (type: 'full' | 'delta' = 'full', extra: Partial<RunInput> = {}): Promise<RunSummary> =>
      runRule({
        source: directory.reader(),
        target: store.target(),
        state: store.state(),
        rule: world.rule,
        type,
        reason: 'test',
        signal: new AbortController().signal,
        clock,
        log: silentLog,
        ...extra,
      }),
    /** What a person decides with about the list of a run. */
    decision: (run: RunProgress): ReleaseInput => ({
      source: directory.reader(),
      target: store.target(),
      state: store.state(),
      rule: world.rule,
      signal: new AbortController().signal,
      clock,
      log: silentLog,
      run,
      actor: 'Ann Admin',
    }),
  };
  return world;
}
