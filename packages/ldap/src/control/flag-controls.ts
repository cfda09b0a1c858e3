import type { Control } from '../message/message.ts';
import { CONTROL_OID } from './control-oid.ts';

type FlagControlName =
  | 'showDeleted'
  | 'showRecycled'
  | 'showDeactivatedLink'
  | 'treeDelete'
  | 'permissiveModify'
  | 'changeNotification'
  | 'domainScope'
  | 'manageDsaIt'
  | 'rangeRetrievalNoError'
  | 'hardDelete'
  | 'undelete'
  | 'realAttributesOnly'
  | 'virtualAttributesOnly';

/**
 * A control that says everything by being there: no value. Critical by default, so that a server which cannot do
 * it refuses instead of doing something else.
 */
export function makeFlagControl(name: FlagControlName, critical = true): Control {
  return { oid: CONTROL_OID[name], critical };
}
