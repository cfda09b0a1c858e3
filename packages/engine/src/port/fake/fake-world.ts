import { type Mapping, newUuid, type TargetActions } from '@sallyport/model';
import { makeManualClock, silentLog } from '@sallyport/runtime';
import type { EngineRule } from '../../rule/engine-rule.ts';
import { type RunInput, type RunSummary, runRule } from '../../run/run-rule.ts';
import { FakeDirectory, type FakeEntry } from './fake-directory.ts';
import { FakeStore } from './fake-store.ts';

export function mapping(
  targetAttribute: string,
  source: Mapping['source'],
  extra: Partial<Mapping> = {},
): Mapping {
  return {
    id: newUuid(),
    name: targetAttribute,
    objectType: 'user',
    targetAttribute,
    source,
    createOnly: false,
    trim: false,
    characterCase: 'NONE',
    parser: 'NONE',
    defaultValue: undefined,
    masked: false,
    ...extra,
  };
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
  };
  return world;
}
