import { type Configuration, type ConfigurationFault, ConfigurationReader } from './configuration.ts';

export const REMOVE_ACTIONS = ['Disable', 'Delete'] as const;
export type RemoveAction = (typeof REMOVE_ACTIONS)[number];

/** What a rule may do at its target. Actions belong to the target store. */
export interface TargetActions {
  readonly createUsers: boolean;
  readonly updateUsers: boolean;
  readonly disableUsers: boolean;
  readonly deprovisionUsers: boolean;
  readonly removeAction: RemoveAction;
  readonly provisionDisabledUsers: boolean;
  readonly createGroups: boolean;
  readonly renameGroups: boolean;
  readonly deleteGroups: boolean;
  readonly deleteGroupsOnRuleDeletion: boolean;
  readonly syncMemberships: boolean;
}

/**
 * Reads the actions of a target store with the names of the API, older names included. Everything is allowed unless
 * switched off, and removal disables unless told to delete; the guard stands before either.
 */
export function readTargetActions(configuration: Configuration): {
  readonly actions: TargetActions;
  readonly faults: readonly ConfigurationFault[];
} {
  const reader = new ConfigurationReader(configuration);
  const either = (key: string, older: string): boolean | undefined =>
    reader.boolean(key) ?? reader.boolean(older);
  const deleteUsers = reader.boolean('DELETE_USERS');
  const removeAction = reader.choice('REMOVE_ACTION', REMOVE_ACTIONS);
  const actions: TargetActions = {
    createUsers: either('CREATE_USERS', 'CREATE_USERS_PROV_OPT') ?? true,
    updateUsers: either('UPDATE_USERS', 'UPDATE_USERS_PROV_OPT') ?? true,
    disableUsers: reader.boolean('DISABLE_USERS') ?? true,
    deprovisionUsers: either('DEPROVISION_USERS', 'REMOVE_USERS_PROV_OPT') ?? deleteUsers ?? true,
    removeAction: removeAction ?? 'Disable',
    provisionDisabledUsers: reader.boolean('PROVISION_DISABLED_USERS_PROV_OPT') ?? false,
    createGroups: reader.boolean('CREATE_GROUPS') ?? true,
    renameGroups: reader.boolean('RENAME_GROUPS') ?? true,
    deleteGroups: reader.boolean('DELETE_GROUPS') ?? true,
    deleteGroupsOnRuleDeletion: reader.boolean('DELETE_GROUPS_ON_RULE_DELETION') ?? false,
    syncMemberships: reader.boolean('SYNC_MEMBERSHIPS') ?? true,
  };
  if (actions.deprovisionUsers && !actions.disableUsers && removeAction !== 'Delete')
    reader.fault(
      'REMOVE_ACTION',
      'With DEPROVISION_USERS on and DISABLE_USERS off the only remove action left is Delete, and it has to be written out',
    );
  if (actions.removeAction === 'Delete' && actions.provisionDisabledUsers)
    reader.fault(
      'PROVISION_DISABLED_USERS_PROV_OPT',
      'REMOVE_ACTION Delete cannot be combined with provisioning disabled users: a user disabled and deleted would be created again, disabled, by the next change',
    );
  return { actions, faults: reader.faults };
}

/** Whether groups are looked at at all: any switch about them is on, that of the rule's own deletion too. */
export function concernsGroups(actions: TargetActions): boolean {
  return (
    actions.createGroups ||
    actions.renameGroups ||
    actions.deleteGroups ||
    // Who made them must be known when the rule goes.
    actions.deleteGroupsOnRuleDeletion ||
    actions.syncMemberships
  );
}
