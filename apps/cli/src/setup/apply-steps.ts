import type { StoreBody } from '@sallyport/contract';
import type { Connection } from '../command/context.ts';
import { findNamed } from '../lookup/find-named.ts';
import { type Records, readRecords } from './current-setup.ts';
import type { ConnectionStep, GatewayStep, MappingStep, RuleStep, SetupStep } from './difference.ts';
import type { ConnectionSetup, RuleSetup } from './setup-file.ts';

/** Types of store whose configuration names the environment. */
const NAMES_ENVIRONMENT: ReadonlySet<string> = new Set(['LdapGateway', 'PingOne']);

type WireConfiguration = Record<string, StoreBody['configuration'][string]>;

/**
 * Does the steps in their order; `onDone` hears of each. Rules are made inactive and switched on when their mappings are
 * there, since a rule is checked for readiness when it becomes active. Stops at the first refusal, which is thrown.
 */
export async function applySteps(
  connection: Connection,
  steps: readonly SetupStep[],
  onDone: (step: SetupStep) => void,
): Promise<void> {
  const makesOrSwitches = steps.filter(
    (step): step is RuleStep => step.kind === 'rule' && step.action !== 'delete',
  );
  let records = await readRecords(connection);
  for (const step of steps) {
    if (step.kind === 'rule' && step.action === 'delete') break;
    if (step.kind === 'connection' && step.action === 'delete') break;
    if (step.kind === 'gateway' && step.action === 'delete') break;
    await applyStep(connection, records, step);
    // Ids of what was just made are needed by what refers to it.
    if (step.action === 'create' && step.kind !== 'mapping') records = await readRecords(connection);
    onDone(step);
  }
  for (const { after } of makesOrSwitches)
    if (after?.active === true) await replaceRule(connection, records, after, true);
  for (const step of steps)
    if (step.kind !== 'mapping' && step.action === 'delete') {
      await applyStep(connection, records, step);
      onDone(step);
    }
}

async function applyStep(connection: Connection, records: Records, step: SetupStep): Promise<void> {
  switch (step.kind) {
    case 'gateway':
      return applyGateway(connection, records, step);
    case 'connection':
      return applyConnection(connection, records, step);
    case 'rule':
      return applyRule(connection, records, step);
    case 'mapping':
      return applyMapping(connection, records, step);
  }
}

async function applyGateway(
  { api, environmentId }: Connection,
  records: Records,
  step: GatewayStep,
): Promise<void> {
  const { after } = step;
  const gatewayId = step.action === 'create' ? '' : findNamed(records.gateways, step.name, 'gateway').id;
  if (after === undefined) {
    await api.gateways.remove({ environmentId, gatewayId });
    return;
  }
  const common = {
    name: after.name,
    description: after.description ?? null,
    enabled: after.enabled,
    serversHostAndPort: after.servers,
    bindDN: after.bindDn,
    connectionSecurity: after.security,
    validateTlsCertificates: after.validateTlsCertificates,
    followReferrals: after.followReferrals,
  };
  if (step.action === 'create') {
    const bindPassword = after.bindPassword ?? '';
    await api.gateways.create({
      environmentId,
      body: { ...common, type: 'LDAP', vendor: after.vendor, bindPassword },
    });
    return;
  }
  // User types are no part of the file: those there are go back as they came.
  const known = findNamed(records.gateways, step.name, 'gateway');
  const password = after.bindPassword === undefined ? {} : { bindPassword: after.bindPassword };
  const userTypes = known.userTypes.map((type) => ({
    ...type,
    passwordAuthority: type.passwordAuthority === 'LDAP' ? ('LDAP' as const) : ('PING_ONE' as const),
  }));
  await api.gateways.replace({ environmentId, gatewayId, body: { ...common, ...password, userTypes } });
}

async function applyConnection(
  { api, environmentId }: Connection,
  records: Records,
  step: ConnectionStep,
): Promise<void> {
  const { after } = step;
  const storeId = step.action === 'create' ? '' : findNamed(records.stores, step.name, 'connection').id;
  if (after === undefined) {
    await api.stores.remove({ environmentId, storeId });
    return;
  }
  const body = {
    name: after.name,
    type: after.type,
    description: after.description ?? null,
    status: after.status,
    managed: after.managed,
    configuration: storeConfiguration(after, environmentId, records),
  };
  if (step.action === 'create') await api.stores.create({ environmentId, body });
  else await api.stores.replace({ environmentId, storeId, body });
}

function storeConfiguration(
  after: ConnectionSetup,
  environmentId: string,
  records: Records,
): WireConfiguration {
  return {
    ...(NAMES_ENVIRONMENT.has(after.type) ? { ENVIRONMENT_ID: environmentId } : {}),
    ...(after.gateway === undefined
      ? {}
      : { GATEWAY_ID: findNamed(records.gateways, after.gateway, 'gateway').id }),
    ...after.configuration,
  };
}

async function applyRule(connection: Connection, records: Records, step: RuleStep): Promise<void> {
  const { api, environmentId } = connection;
  const { after } = step;
  if (after === undefined) {
    const { id: ruleId } = findNamed(records.rules, step.name, 'rule');
    await api.rules.remove({ environmentId, ruleId });
    return;
  }
  if (step.action === 'update') {
    // One that is to become active is switched on at the end, when its mappings are there.
    await replaceRule(connection, records, after, after.active && step.before?.active === true);
    return;
  }
  const plans = await api.plans.list({ environmentId });
  const plan =
    plans._embedded.plans[0] ?? (await api.plans.create({ environmentId, body: { name: 'Provisioning' } }));
  await api.rules.create({
    environmentId,
    body: {
      ...ruleBody(after, records, false),
      plan: { id: plan.id },
      sourceStore: { id: findNamed(records.stores, after.source, 'connection').id },
      targetStore: { id: findNamed(records.stores, after.target, 'connection').id },
    },
  });
}

async function replaceRule(
  { api, environmentId }: Connection,
  records: Records,
  after: RuleSetup,
  active: boolean,
): Promise<void> {
  const { id: ruleId } = findNamed(records.rules, after.name, 'rule');
  await api.rules.replace({ environmentId, ruleId, body: ruleBody(after, records, active) });
}

function ruleBody(after: RuleSetup, records: Records, active: boolean) {
  const known = records.rules.find(({ name }) => name === after.name);
  const population =
    after.population === undefined
      ? {}
      : { POPULATION_ID: findNamed(records.populations, after.population, 'population').id };
  const configuration: WireConfiguration = { ...population, ...after.configuration };
  return {
    name: after.name,
    description: after.description ?? null,
    active,
    populationExpression: after.populationExpression ?? null,
    deprovision: after.deprovision,
    // Groups are chosen by id and are no part of the file.
    groups: known?.groups ?? null,
    configuration,
  };
}

async function applyMapping(
  { api, environmentId }: Connection,
  records: Records,
  step: MappingStep,
): Promise<void> {
  const { id: ruleId } = findNamed(records.rules, step.rule, 'rule');
  const { before, after } = step;
  const known = (records.mappings.get(ruleId) ?? []).find(
    ({ targetAttribute, attributeMappingType }) =>
      targetAttribute === before?.target && attributeMappingType === before.type,
  );
  if (after === undefined) {
    if (known !== undefined) await api.mappings.remove({ environmentId, mappingId: known.id });
    return;
  }
  const body = {
    name: after.target,
    targetAttribute: after.target,
    sourceAttribute: after.source ?? null,
    expression: after.expression ?? null,
    attributeMappingType: after.type,
    createOnly: after.createOnly,
    trim: after.trim,
    characterCase: after.case,
    parser: after.parser,
    defaultValue: after.default ?? null,
  };
  if (known === undefined) await api.mappings.create({ environmentId, ruleId, body });
  else await api.mappings.replace({ environmentId, mappingId: known.id, body });
}
