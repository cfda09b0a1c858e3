import type { ObjectType, RemoveAction, TargetActions } from '@sallyport/model';

/** What a rule may do with objects of one type: the target store's actions without the names of the type. */
export interface Permissions {
  readonly create: boolean;
  readonly update: boolean;
  readonly disable: boolean;
  readonly deprovision: boolean;
  readonly removeAction: RemoveAction;
  readonly provisionDisabled: boolean;
  /** Objects of this type have no account state, so that there is nothing to enable, disable or show of it. */
  readonly stateless?: true;
  /** Target attributes that stay as they are once the object exists, each with the reason. */
  readonly frozen?: ReadonlyMap<string, string>;
}

const NO_RENAMES: ReadonlyMap<string, string> = new Map([['name', 'renaming groups is off']]);

/**
 * Groups have no account state, so nothing about them can be disabled: the only remove action is to delete. Switching
 * renames off keeps the name and nothing else.
 */
export function permissionsFor(objectType: ObjectType, actions: TargetActions): Permissions {
  if (objectType === 'group')
    return {
      create: actions.createGroups,
      update: true,
      disable: false,
      deprovision: actions.deleteGroups,
      removeAction: 'Delete',
      provisionDisabled: true,
      stateless: true,
      ...(actions.renameGroups ? {} : { frozen: NO_RENAMES }),
    };
  return {
    create: actions.createUsers,
    update: actions.updateUsers,
    disable: actions.disableUsers,
    deprovision: actions.deprovisionUsers,
    removeAction: actions.removeAction,
    provisionDisabled: actions.provisionDisabledUsers,
  };
}
