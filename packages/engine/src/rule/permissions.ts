import type { ObjectType, RemoveAction, TargetActions } from '@sallyport/model';

/** What a rule may do with objects of one type: the target store's actions without the names of the type. */
export interface Permissions {
  readonly create: boolean;
  readonly update: boolean;
  readonly disable: boolean;
  readonly deprovision: boolean;
  readonly removeAction: RemoveAction;
  readonly provisionDisabled: boolean;
}

/** Groups have no account state, so nothing about them can be disabled: the only remove action is to delete. */
export function permissionsFor(objectType: ObjectType, actions: TargetActions): Permissions {
  if (objectType === 'group')
    return {
      create: actions.createGroups,
      update: actions.renameGroups,
      disable: false,
      deprovision: actions.deleteGroups,
      removeAction: 'Delete',
      provisionDisabled: true,
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
