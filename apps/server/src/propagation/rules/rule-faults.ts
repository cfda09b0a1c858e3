import { compileOutbound, DN_NAMES, readOutboundSettings, scopeFaults } from '@sallyport/connectors';
import { attributesOf, LdapTextError, parseFilter, type Schema } from '@sallyport/ldap';
import {
  CodedError,
  type Configuration,
  type InboundSettings,
  readInboundSettings,
  type Uuid,
} from '@sallyport/model';
import { parseScimFilter, ScimFilterError } from '@sallyport/scim';
import type { Gateway, PropagationMapping, PropagationStore } from '@sallyport/store';
import { migratingUserTypes } from '../../gateways/gateway-record.ts';
import type { Faults } from '../../http/refuse.ts';
import { checkSourceAttributes, checkUserExpression } from '../mappings/mapping-faults.ts';
import type { OutboundTarget } from '../mappings/outbound-ends.ts';
import { findTargetAttribute } from '../mappings/target-attributes.ts';
import { directionOf } from './direction.ts';
import { checkOnboarding, type OnboardingChecks } from './onboarding-faults.ts';
import { checkSignOnUserType } from './sign-on-user-type.ts';

/** Everything a rule is judged by: its two ends, and what lies behind them. */
export interface RuleEnds {
  readonly source: PropagationStore;
  readonly target: PropagationStore;
  /** The gateway of whichever end is a directory. */
  readonly gateway: Gateway | undefined;
  /** Of the source directory, if it can be reached now. */
  readonly schema: Schema | undefined;
  readonly targetAttributes: readonly string[];
  /** The directory of a rule that leads out of the identity store. */
  readonly outbound: OutboundTarget | undefined;
}

/** The rule's own settings over its source store's: a base DN may stand in either. */
function inboundConfiguration(ends: RuleEnds, draft: RuleDraft): Configuration {
  return { ...ends.source.configuration, ...draft.configuration };
}

export interface RuleDraft {
  readonly active: boolean;
  readonly populationExpression: string | undefined;
  readonly configuration: Configuration;
}

export const CHANGE_STRATEGIES = ['dirsync', 'usn', 'changelog', 'syncrepl', 'timestamp'] as const;

/** Which ends a rule can have: a directory on one side, the identity store on the other. */
export function checkEnds(source: PropagationStore, target: PropagationStore, faults: Faults): void {
  const inbound = source.type === 'LdapGateway' && target.type === 'PingOne';
  const outbound = source.type === 'directory' && target.type === 'LdapGateway';
  if (inbound || outbound) return;
  faults.add(
    'CONSTRAINT_VIOLATION',
    'targetStore.id',
    `A rule leads from an LdapGateway store to a PingOne store, or from a directory store to an LdapGateway store; found ${source.type} to ${target.type}`,
  );
}

/** Every fault of what a client sent for a rule. An inactive rule may still lack its configuration as a whole. */
export async function checkRule(
  checks: OnboardingChecks,
  environmentId: Uuid,
  draft: RuleDraft,
  ends: RuleEnds,
  faults: Faults,
): Promise<void> {
  if (draft.populationExpression !== undefined && draft.populationExpression.trim() !== '')
    checkScim(draft.populationExpression, faults);
  const isEmpty = Object.keys(draft.configuration).length === 0;
  if (isEmpty && !draft.active) return;
  if (directionOf(ends.source.type) === 'OUTBOUND') {
    checkOutbound(draft, ends, faults);
    return;
  }
  const { settings, faults: settingFaults } = readInboundSettings(inboundConfiguration(ends, draft));
  for (const { key, message } of settingFaults)
    faults.add(
      message.endsWith('is required') ? 'REQUIRED_VALUE' : 'INVALID_VALUE',
      `configuration.${key}`,
      message,
    );
  for (const { key, message } of scopeFaults(settings))
    faults.add(key.endsWith('_DN') ? 'INVALID_DN' : 'INVALID_LDAP_FILTER', `configuration.${key}`, message);
  checkFilterAttributes(settings, ends.schema, faults);
  if (findTargetAttribute(ends.targetAttributes, settings.matchingAttribute) === undefined)
    faults.add(
      'UNKNOWN_ATTRIBUTE',
      'configuration.MATCHING_ATTRIBUTE',
      `Users have no attribute ${JSON.stringify(settings.matchingAttribute)}`,
    );
  const { changeStrategy } = settings;
  if (changeStrategy !== undefined && !CHANGE_STRATEGIES.some((known) => known === changeStrategy))
    faults.add(
      'INVALID_VALUE',
      'configuration.CHANGE_STRATEGY',
      `CHANGE_STRATEGY must be one of ${CHANGE_STRATEGIES.join(', ')}, found ${changeStrategy}`,
    );
  await checkOnboarding(checks, environmentId, settings, ends.schema, faults);
  if (settings.authenticateViaLdap) checkSignOnUserType(draft.configuration, ends.gateway, faults);
}

/** What an active rule needs beside a sound configuration. Asked when it is activated, and again by each revision. */
export function checkReadiness(
  ends: RuleEnds,
  draft: RuleDraft,
  mappings: readonly PropagationMapping[],
  faults: Faults,
): void {
  const missing = (target: string, message: string): void => faults.add('RULE_NOT_READY', target, message);
  for (const [target, end] of [
    ['sourceStore', ends.source],
    ['targetStore', ends.target],
  ] as const)
    if (end.status === 'INACTIVE')
      missing(target, `The store ${end.name} is INACTIVE; set its status to ACTIVE first`);
  if (directionOf(ends.source.type) === 'OUTBOUND') {
    missing('active', 'Rules out of the identity store can be prepared, but not run yet');
    checkEntries(draft, ends, mappings, missing);
    return;
  }
  const { gateway } = ends;
  if (gateway === undefined)
    missing('sourceStore', `The gateway of store ${ends.source.name} does not exist any more`);
  else {
    if (!gateway.enabled) missing('sourceStore', `The gateway ${gateway.name} is disabled; enable it first`);
    const migrating = migratingUserTypes(gateway);
    if (migrating.length > 0)
      faults.add(
        'GATEWAY_MIGRATES_USERS',
        'sourceStore',
        `User type ${migrating.join(', ')} of gateway ${gateway.name} makes users at their first sign-on (newUserLookup): that and provisioning exclude each other`,
      );
  }
  const { settings } = readInboundSettings(inboundConfiguration(ends, draft));
  // The defaults of users and of groups are off where the rule has mappings of its own for them, each by themselves.
  for (const [objectType, names] of [
    ['user', new Set(['username', settings.matchingAttribute])],
    ['group', new Set(['name'])],
  ] as const) {
    const own = mappings.filter((mapping) => mapping.objectType === objectType);
    if (own.length === 0) continue;
    const made = new Set(own.map(({ targetAttribute }) => targetAttribute.toLowerCase()));
    for (const needed of names)
      if (!made.has(needed.toLowerCase()))
        missing(
          'mappings',
          `No mapping makes ${needed} of ${objectType}s; the rule's own mappings for ${objectType}s switch the defaults off, so map it too`,
        );
  }
}

function checkScim(text: string, faults: Faults): void {
  try {
    parseScimFilter(text);
  } catch (error) {
    if (!(error instanceof ScimFilterError)) throw error;
    faults.add('INVALID_FILTER', 'populationExpression', error.message);
  }
}

function checkFilterAttributes(settings: InboundSettings, schema: Schema | undefined, faults: Faults): void {
  for (const [key, text] of [
    ['USERS_LDAP_FILTER', settings.usersLdapFilter],
    ['GROUPS_LDAP_FILTER', settings.groupsLdapFilter],
  ] as const) {
    if (text === undefined) continue;
    try {
      checkSourceAttributes(attributesOf(parseFilter(text)), schema, `configuration.${key}`, faults);
    } catch (error) {
      // A filter that cannot be read has been reported with its place already.
      if (!(error instanceof LdapTextError)) throw error;
    }
  }
}

/** The rule's own settings over its target store's: where users are made may stand in either. */
export function outboundConfiguration(
  ends: Pick<RuleEnds, 'target'>,
  draft: Pick<RuleDraft, 'configuration'>,
) {
  return { ...ends.target.configuration, ...draft.configuration };
}

function checkOutbound(draft: RuleDraft, ends: RuleEnds, faults: Faults): void {
  const { outbound } = ends;
  // Ends that no rule can have were refused before.
  if (outbound === undefined) return;
  const { settings, faults: settingFaults } = readOutboundSettings(
    outboundConfiguration(ends, draft),
    outbound.dialect,
  );
  for (const { key, message } of settingFaults)
    faults.add(codeOfSetting(key, message), `configuration.${key}`, message);
  const { rdnAttribute, matchingAttribute, dnExpression } = settings;
  for (const [key, name] of [
    ['RDN_ATTRIBUTE', rdnAttribute],
    ['MATCHING_ATTRIBUTE', matchingAttribute],
  ] as const)
    if (
      outbound.attributes.attribute('user', name) === undefined &&
      !settingFaults.some((fault) => fault.key === key)
    )
      faults.add(
        'UNKNOWN_ATTRIBUTE',
        `configuration.${key}`,
        `The directory has no attribute ${JSON.stringify(name)}`,
      );
  if (dnExpression !== undefined)
    checkUserExpression(
      dnExpression,
      [...ends.targetAttributes, ...DN_NAMES],
      'configuration.DN_EXPRESSION',
      faults,
    );
}

function codeOfSetting(key: string, message: string): 'REQUIRED_VALUE' | 'INVALID_DN' | 'INVALID_VALUE' {
  if (message.endsWith('is required')) return 'REQUIRED_VALUE';
  return key.endsWith('_DN') ? 'INVALID_DN' : 'INVALID_VALUE';
}

/** Whether the rule's own mappings make whole entries; the defaults of a directory always do. */
function checkEntries(
  draft: RuleDraft,
  { outbound, target }: RuleEnds,
  mappings: readonly PropagationMapping[],
  missing: (target: string, message: string) => void,
): void {
  if (outbound === undefined || mappings.length === 0) return;
  const { dialect, schema } = outbound;
  const { settings } = readOutboundSettings(outboundConfiguration({ target }, draft), dialect);
  try {
    // The expression of the DN has been judged with the settings.
    compileOutbound({ mappings, dialect, schema, settings: { ...settings, dnExpression: undefined } });
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    for (const { message } of error.details) missing('mappings', message);
  }
}
