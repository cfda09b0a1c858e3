import type { AttributeChange, LinkStatus, Outcome } from '@sallyport/model';
import type { TargetObject } from '../port/target.ts';
import type { DecideInput, Plan, SourceState } from './plan.ts';
import { activeChange, createdChanges, onboardingChanges, shownChanges } from './shown-changes.ts';

type Present = Extract<SourceState, { kind: 'present' }>;

/** An object in scope: create, link, update, disable, enable, or the reason why not. */
export function decidePresent(input: DecideInput, source: Present): Plan {
  const { correlation } = input;
  switch (correlation.kind) {
    case 'conflict':
      return {
        ...untouched(input.link?.targetId),
        outcome: 'conflict',
        status: 'CONFLICT',
        reason: correlation.reason,
        errorCode: correlation.code,
        disabledByRule: input.link?.disabledByRule ?? false,
      };
    case 'none':
      return decideCreation(input, source, correlation.linkedGone);
    case 'linked':
      return decideExisting(input, source, correlation.target, undefined);
    case 'matched': {
      const gone = correlation.linkedGone ? 'The linked object is gone from the target; ' : '';
      return decideExisting(
        input,
        source,
        correlation.target,
        `${gone}matched by ${correlation.by} and linked`,
      );
    }
  }
}

type Untouched = Pick<
  Plan,
  | 'errorCode'
  | 'write'
  | 'changes'
  | 'targetId'
  | 'presence'
  | 'disabledByRule'
  | 'deleteAfter'
  | 'removeLink'
>;

function untouched(targetId: string | undefined): Untouched {
  return {
    errorCode: undefined,
    write: undefined,
    changes: [],
    targetId,
    presence: 'inScope',
    disabledByRule: false,
    deleteAfter: undefined,
    removeLink: false,
  };
}

function decideCreation(input: DecideInput, source: Present, linkedGone: boolean): Plan {
  const { permissions } = input;
  const gone = linkedGone ? 'The linked object is gone from the target; ' : '';
  const skipped = (reason: string): Plan => ({
    ...untouched(undefined),
    outcome: 'skipped',
    status: 'UNSYNCED',
    reason: `${gone}${reason}`,
  });
  if (!permissions.create) return skipped('creation is off');
  const active = source.active ?? true;
  if (!active && !permissions.provisionDisabled)
    return skipped('disabled at the source, and disabled users are not provisioned');
  const { onboarding } = source;
  if (onboarding?.ok === false)
    return {
      ...untouched(undefined),
      outcome: 'failed',
      status: 'FAILED',
      reason: `${gone}not created: ${onboarding.message}`,
      errorCode: onboarding.code,
    };
  const attributes: Record<string, readonly string[]> = {};
  for (const name of Object.keys(source.attributes)) {
    const values = source.attributes[name];
    if (values !== undefined && values.length > 0) attributes[name] = values;
  }
  const changes = [
    ...createdChanges(attributes),
    ...(permissions.stateless === true ? [] : [activeChange(input.activeAttribute, undefined, active)]),
    ...onboardingChanges(onboarding?.onboarding),
  ];
  return {
    ...untouched(undefined),
    outcome: 'created',
    status: 'SUCCESS',
    reason: `${gone}${linkedGone ? 'created again under the same link' : 'new in scope'}${active ? '' : ', disabled as at the source'}`,
    write: { kind: 'create', active, attributes, onboarding: onboarding?.onboarding },
    changes: shownChanges(changes, input.masked),
  };
}

/** Undefined: leave the account state as it is. */
function wantedState(input: DecideInput, source: Present, target: TargetObject): boolean | undefined {
  const wanted = source.active ?? (input.link?.disabledByRule === true ? true : undefined);
  return wanted === target.active ? undefined : wanted;
}

function decideExisting(
  input: DecideInput,
  source: Present,
  target: TargetObject,
  linkedBecause: string | undefined,
): Plan {
  const { permissions, link } = input;
  const wanted = permissions.stateless === true ? undefined : wantedState(input, source, target);
  const blocked: string[] = [];
  const allowed: AttributeChange[] = [];
  for (const change of source.differences) {
    const frozen = permissions.frozen?.get(change.attribute);
    if (frozen === undefined) allowed.push(change);
    else blocked.push(`${change.attribute} differs, but ${frozen}`);
  }
  if (allowed.length > 0 && !permissions.update)
    blocked.push(`${names(allowed)} ${differ(allowed)}, but updating is off`);
  if (wanted !== undefined && !permissions.update)
    blocked.push(`${wanted ? 'enabled' : 'disabled'} at the source, but updating is off`);
  else if (wanted === false && !permissions.disable)
    blocked.push('disabled at the source, but disabling is off');
  const differences = permissions.update ? allowed : [];
  const active =
    wanted !== undefined && permissions.update && (wanted || permissions.disable) ? wanted : undefined;
  const writes = differences.length > 0 || active !== undefined;
  const cameBack = link !== undefined && link.presence !== 'inScope';

  const said: string[] = [];
  if (linkedBecause !== undefined) said.push(linkedBecause);
  if (active === false) said.push('disabled at the source');
  if (active === true) said.push(cameBack ? 'back in scope' : 'enabled at the source');
  if (differences.length > 0) said.push(`${names(differences)} ${differ(differences)}`);
  said.push(...blocked);
  const changes =
    active === undefined
      ? differences
      : [...differences, activeChange(input.activeAttribute, target.active, active)];
  return {
    ...untouched(target.id),
    outcome: outcomeOf(linkedBecause !== undefined, active, differences.length, blocked.length),
    status: statusOf(blocked.length),
    reason: said.length > 0 ? said.join('; ') : 'nothing differs',
    write: writes ? { kind: 'update', targetId: target.id, active, changes: differences } : undefined,
    changes: shownChanges(changes, input.masked),
    // Kept only while the enabling it stands for has not happened.
    disabledByRule: wanted === true && active === undefined && (link?.disabledByRule ?? false),
  };
}

function statusOf(blocked: number): LinkStatus {
  return blocked > 0 ? 'PARTIAL_SYNCED' : 'SUCCESS';
}

/** One outcome an object: taking over an existing account is the news, then its account state, then its attributes. */
function outcomeOf(
  newlyLinked: boolean,
  active: boolean | undefined,
  differing: number,
  blocked: number,
): Outcome {
  if (newlyLinked) return 'linked';
  if (active !== undefined) return active ? 'enabled' : 'disabled';
  if (differing > 0) return 'updated';
  return blocked > 0 ? 'skipped' : 'unchanged';
}

const NAMED = 6;

function names(changes: readonly AttributeChange[]): string {
  const listed = changes.slice(0, NAMED).map((change) => change.attribute);
  return changes.length > NAMED
    ? `${listed.join(', ')} and ${changes.length - NAMED} more`
    : listed.join(', ');
}

function differ(changes: readonly AttributeChange[]): string {
  return changes.length === 1 ? 'differs' : 'differ';
}
