import type { DecideInput, Plan, SourceState } from './plan.ts';
import { activeChange } from './shown-changes.ts';

type Gone = Extract<SourceState, { kind: 'gone' }>;

/**
 * An object deleted at the source or no longer in scope: the remove action, or the reason why its target is kept. Whether
 * the guard lets a removal through is not decided here.
 */
export function decideGone(input: DecideInput, source: Gone): Plan {
  const { permissions, link, correlation } = input;
  const why =
    source.how === 'deleted' ? `Deleted at the source (${source.detail})` : `Out of scope (${source.detail})`;
  const base: Plan = {
    outcome: 'unchanged',
    status: 'SUCCESS',
    reason: why,
    errorCode: undefined,
    write: undefined,
    changes: [],
    targetId: link?.targetId,
    presence: source.how,
    disabledByRule: link?.disabledByRule ?? false,
    deleteAfter: undefined,
    removeLink: false,
  };
  if (link === undefined) return { ...base, reason: `${why}; never linked, left alone` };
  if (link.presence === 'kept')
    return {
      ...base,
      presence: 'kept',
      status: link.status,
      reason: `${why}; a person decided to keep the target`,
    };
  if (link.targetId === undefined)
    return { ...base, removeLink: true, reason: `${why}; nothing exists at the target` };
  // Only the stored tie counts here: an object that merely matches was never this rule's.
  if (correlation.kind !== 'linked')
    return { ...base, removeLink: true, reason: `${why}; already gone from the target` };
  const kept: Plan = { ...base, outcome: 'skipped', status: 'UNSYNCED' };
  if (!permissions.deprovision)
    return {
      ...kept,
      reason: `${why}; ${permissions.stateless === true ? 'deleting groups' : 'deprovisioning'} is off, the target is kept`,
    };

  const { target } = correlation;
  const disabling: Plan = {
    ...base,
    outcome: 'disabled',
    write: { kind: 'update', targetId: target.id, active: false, changes: [] },
    changes: [activeChange(input.activeAttribute, target.active, false)],
    disabledByRule: true,
  };
  if (permissions.removeAction === 'Disable') {
    if (!target.active) return { ...base, reason: `${why}; already disabled at the target` };
    if (!permissions.disable)
      return { ...kept, reason: `${why}; the remove action is to disable, but disabling is off` };
    return disabling;
  }
  const due = link.deleteAfter ?? input.now + input.graceMs;
  if (input.graceMs === 0 || (link.deleteAfter !== undefined && due <= input.now))
    return {
      ...base,
      outcome: 'deleted',
      reason: link.deleteAfter === undefined ? why : `${why}; the grace period ended`,
      write: { kind: 'delete', targetId: target.id },
      removeLink: true,
    };
  const until = `${why}; to be deleted after ${new Date(due).toISOString()}`;
  const active = target.active && permissions.stateless !== true;
  if (active && permissions.disable) return { ...disabling, reason: until, deleteAfter: due };
  const told = target.active && link.deleteAfter === undefined;
  return {
    ...base,
    status: active ? 'PARTIAL_SYNCED' : 'SUCCESS',
    outcome: told ? 'skipped' : 'unchanged',
    reason: active ? `${until}, disabling is off until then` : until,
    deleteAfter: due,
  };
}
