import type { ConnectionSetup, GatewaySetup, MappingSetup, RuleSetup, Setup } from './setup-file.ts';

export interface FieldDifference {
  readonly field: string;
  /** Absent where there is none. */
  readonly before?: string | undefined;
  readonly after?: string | undefined;
}

interface Step<K extends string, T> {
  readonly kind: K;
  readonly name: string;
  readonly action: 'create' | 'update' | 'delete';
  readonly fields: readonly FieldDifference[];
  readonly before?: T;
  readonly after?: T;
}

export type GatewayStep = Step<'gateway', GatewaySetup>;
export type ConnectionStep = Step<'connection', ConnectionSetup>;
export type RuleStep = Step<'rule', RuleSetup>;
export type MappingStep = Step<'mapping', MappingSetup> & { readonly rule: string };
export type SetupStep = GatewayStep | ConnectionStep | RuleStep | MappingStep;

export interface Difference {
  /** In the order in which they can be done. */
  readonly steps: readonly SetupStep[];
  /** Why it cannot be done as it is; everything at once. */
  readonly faults: readonly string[];
}

export interface DifferenceOptions {
  /** What the file does not name is deleted. */
  readonly prune: boolean;
  /** Bind passwords of known gateways are sent as well; nobody can compare them. */
  readonly passwords: boolean;
  /** Populations the environment has. */
  readonly populations: readonly string[];
}

/** What has to be done so that `current` becomes `wanted`. Mappings of a rule that lists any are exactly those listed. */
export function differenceOf(current: Setup, wanted: Setup, options: DifferenceOptions): Difference {
  const gateways = steps('gateway', current.gateways, wanted.gateways, gatewayFields, options.prune);
  const connections = steps('connection', current.connections, wanted.connections, flatFields, options.prune);
  const rules = steps('rule', current.rules, wanted.rules, ruleFields, options.prune);
  const passwords: GatewayStep[] = options.passwords ? passwordSteps(wanted.gateways, gateways) : [];
  const isDeletion = ({ action }: SetupStep): boolean => action === 'delete';
  const ordered: SetupStep[] = [
    ...gateways.filter((step) => !isDeletion(step)).map((step) => withPassword(step, options.passwords)),
    ...passwords,
    ...connections.filter((step) => !isDeletion(step)),
    ...rules.filter((step) => !isDeletion(step)),
    ...wanted.rules.flatMap((rule) => mappingSteps(current, rule)),
    ...rules.filter(isDeletion),
    ...connections.filter(isDeletion),
    ...gateways.filter(isDeletion),
  ];
  return { steps: ordered, faults: faultsOf(current, wanted, options) };
}

/** Keeps a password from being sent along with another change unless it was asked for. */
function withPassword(step: GatewayStep, passwords: boolean): GatewayStep {
  if (step.action !== 'update' || step.after === undefined) return step;
  if (passwords && step.after.bindPassword !== undefined)
    return { ...step, fields: [...step.fields, PASSWORD_FIELD] };
  const { bindPassword: _, ...rest } = step.after;
  return { ...step, after: rest };
}

const PASSWORD_FIELD: FieldDifference = { field: 'bindPassword', after: '(as in the file)' };

function passwordSteps(wanted: readonly GatewaySetup[], changed: readonly GatewayStep[]): GatewayStep[] {
  return wanted
    .filter(
      ({ name, bindPassword }) => bindPassword !== undefined && !changed.some((step) => step.name === name),
    )
    .map((after) => ({
      kind: 'gateway',
      name: after.name,
      action: 'update',
      fields: [PASSWORD_FIELD],
      after,
    }));
}

function mappingSteps(current: Setup, rule: RuleSetup): readonly MappingStep[] {
  if (rule.mappings === undefined) return [];
  const before = current.rules.find(({ name }) => name === rule.name)?.mappings ?? [];
  const named = (mappings: readonly MappingSetup[]) =>
    mappings.map((mapping) => ({
      ...mapping,
      name: mapping.type === 'groupAttributeMapping' ? `group ${mapping.target}` : mapping.target,
    }));
  return steps('mapping', named(before), named(rule.mappings), flatFields, true).map((step) => ({
    ...step,
    rule: rule.name,
  }));
}

function steps<const K extends string, T extends { readonly name: string }>(
  kind: K,
  current: readonly T[],
  wanted: readonly T[],
  fieldsOf: (item: T) => ReadonlyMap<string, string>,
  prune: boolean,
): Step<K, T>[] {
  const known = new Map(current.map((item) => [item.name, item]));
  const kept = new Set(wanted.map(({ name }) => name));
  const changes = wanted.flatMap((after): Step<K, T>[] => {
    const before = known.get(after.name);
    const fields = compare(before === undefined ? new Map() : fieldsOf(before), fieldsOf(after));
    if (before === undefined) return [{ kind, name: after.name, action: 'create', fields, after }];
    return fields.length === 0 ? [] : [{ kind, name: after.name, action: 'update', fields, before, after }];
  });
  const gone = prune ? current.filter(({ name }) => !kept.has(name)) : [];
  return [
    ...changes,
    ...gone.map((before): Step<K, T> => ({ kind, name: before.name, action: 'delete', fields: [], before })),
  ];
}

function compare(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): FieldDifference[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((field) => before.get(field) !== after.get(field))
    .map((field) => ({ field, before: before.get(field), after: after.get(field) }));
}

function gatewayFields({ bindPassword: _, ...rest }: GatewaySetup): ReadonlyMap<string, string> {
  return flatFields(rest);
}

function ruleFields({ mappings: _, ...rest }: RuleSetup): ReadonlyMap<string, string> {
  return flatFields(rest);
}

/** `configuration.REMOVE_ACTION` → `Disable`. `true` and `"true"` are one value, as on the server. */
function flatFields(item: object, prefix = ''): Map<string, string> {
  const fields = new Map<string, string>();
  for (const [key, value] of Object.entries(item) as [string, unknown][]) {
    if (value === undefined || (prefix === '' && key === 'name')) continue;
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      for (const [inner, text] of flatFields(value, `${prefix}${key}.`)) fields.set(inner, text);
    else fields.set(`${prefix}${key}`, Array.isArray(value) ? value.join(', ') : String(value));
  }
  return fields;
}

function faultsOf(current: Setup, wanted: Setup, options: DifferenceOptions): readonly string[] {
  const faults: string[] = [];
  const gateways = namesAfter(current.gateways, wanted.gateways, options.prune);
  const connections = namesAfter(current.connections, wanted.connections, options.prune);
  for (const { name, bindPassword } of wanted.gateways)
    if (bindPassword === undefined && !current.gateways.some((known) => known.name === name))
      faults.push(`gateway ${name} is new and needs a bindPassword, such as \${BIND_PASSWORD}`);
  for (const gateway of wanted.gateways) {
    const before = current.gateways.find(({ name }) => name === gateway.name);
    if (before !== undefined && before.vendor !== gateway.vendor)
      faults.push(
        `gateway ${gateway.name}: its vendor is ${before.vendor} and cannot be changed to ${gateway.vendor}`,
      );
  }
  for (const { name, gateway } of wanted.connections)
    if (gateway !== undefined && !gateways.has(gateway))
      faults.push(`connection ${name}: there is no gateway ${JSON.stringify(gateway)}`);
  for (const connection of wanted.connections) {
    const before = current.connections.find(({ name }) => name === connection.name);
    if (before !== undefined && before.type !== connection.type)
      faults.push(
        `connection ${connection.name}: its type is ${before.type} and cannot be changed to ${connection.type}`,
      );
  }
  for (const rule of wanted.rules) {
    for (const end of ['source', 'target'] as const) {
      if (!connections.has(rule[end]))
        faults.push(`rule ${rule.name}: there is no connection ${JSON.stringify(rule[end])} for its ${end}`);
      const before = current.rules.find(({ name }) => name === rule.name);
      if (before !== undefined && before[end] !== rule[end])
        faults.push(
          `rule ${rule.name}: its ${end} is ${before[end]} and cannot be changed to ${rule[end]}; give the rule a new name`,
        );
    }
    if (rule.population !== undefined && !options.populations.includes(rule.population))
      faults.push(`rule ${rule.name}: there is no population ${JSON.stringify(rule.population)}`);
  }
  return faults;
}

function namesAfter(
  current: readonly { readonly name: string }[],
  wanted: readonly { readonly name: string }[],
  prune: boolean,
): ReadonlySet<string> {
  return new Set([...(prune ? [] : current), ...wanted].map(({ name }) => name));
}
