import type { MappingBody, OPERATIONS, OperationRequest } from '@sallyport/contract';
import type { Mapping, ObjectType, Uuid } from '@sallyport/model';
import type { PropagationMapping, PropagationRule, Store } from '@sallyport/store';
import type { DirectoryAccess } from '../../gateways/directory-access.ts';
import { gatewayIdOf } from '../../gateways/gateway-stores.ts';
import { allItems } from '../../http/all-items.ts';
import { type Addresses, environmentPath, present } from '../../http/hal.ts';
import type { HandlerGroup } from '../../http/handlers.ts';
import { collectionBody, pageRequest } from '../../http/paging.ts';
import { Faults, found, idOf } from '../../http/refuse.ts';
import { directionOf } from '../rules/direction.ts';
import { ruleOfRequest } from '../rules/rule-of-request.ts';
import {
  checkExpression,
  checkSourceAttributes,
  checkUserExpression,
  checkUserPaths,
} from './mapping-faults.ts';
import { readOutboundTarget } from './outbound-ends.ts';
import { findTargetAttribute, groupTargetNames, userTargetAttributes } from './target-attributes.ts';

type Input = OperationRequest<typeof OPERATIONS.mappings.create>['body'];
type Checked = Omit<Mapping, 'id'>;

/** How the console of the origin writes an attribute that its list does not have. */
const ADD_PREFIX = /^ADD:/i;

export function makeMappingHandlers(store: Store, directory: DirectoryAccess): HandlerGroup<'mappings'> {
  const mappingKey = (params: {
    readonly environmentId: string;
    readonly mappingId: string;
  }): readonly [Uuid, Uuid] => [idOf(params.environmentId, 'environment'), idOf(params.mappingId, 'mapping')];
  /** Everything that can be wrong with a mapping, checked at once against both of its ends. */
  const check = async (
    rule: PropagationRule,
    ownId: Uuid | undefined,
    body: Input,
    signal: AbortSignal,
  ): Promise<{ readonly checked: Checked; readonly faults: Faults }> => {
    const faults = new Faults();
    const attribute = body.sourceAttribute?.replace(ADD_PREFIX, '');
    const expression = body.expression ?? undefined;
    if ((attribute === undefined) === (expression === undefined))
      faults.add(
        'CONSTRAINT_VIOLATION',
        'sourceAttribute',
        'A mapping has either sourceAttribute or expression',
      );
    const objectType: ObjectType = body.attributeMappingType === 'groupAttributeMapping' ? 'group' : 'user';
    const isOutbound = await leadsOut(rule);
    if (isOutbound && objectType === 'group')
      faults.add(
        'INVALID_VALUE',
        'attributeMappingType',
        'A rule that leads to a directory maps users alone: use userAttributeMapping',
      );
    const names =
      objectType === 'group'
        ? groupTargetNames(body.targetAttribute)
        : await userTargetAttributes(store, rule.environmentId);
    const target = isOutbound
      ? await directoryTarget(rule, body.targetAttribute, faults, signal)
      : storeTarget(objectType, names, body.targetAttribute, faults);
    const others = await allItems((request) => store.mappings.list(rule.environmentId, rule.id, request));
    const twin = others.find(
      (other) => other.id !== ownId && other.objectType === objectType && other.targetAttribute === target,
    );
    if (twin !== undefined)
      faults.add(
        'UNIQUENESS_VIOLATION',
        'targetAttribute',
        `The mapping ${twin.name} of this rule makes ${twin.targetAttribute} already`,
      );
    if (isOutbound) {
      if (attribute !== undefined) checkUserPaths([attribute], names, 'sourceAttribute', faults);
      if (expression !== undefined) checkUserExpression(expression, names, 'expression', faults);
    } else {
      const read = expression === undefined ? [] : checkExpression(expression, 'expression', faults);
      const schema = await sourceSchema(rule, signal);
      if (attribute !== undefined) checkSourceAttributes([attribute], schema, 'sourceAttribute', faults);
      checkSourceAttributes(read, schema, 'expression', faults);
    }
    faults.throwIfAny();
    const checked: Checked = {
      name: body.name ?? target ?? body.targetAttribute,
      objectType,
      targetAttribute: target ?? body.targetAttribute,
      source: expression === undefined ? { attribute: attribute ?? '' } : { expression },
      createOnly: body.createOnly ?? false,
      trim: body.trim ?? false,
      characterCase: body.characterCase ?? 'NONE',
      parser: body.parser ?? 'NONE',
      defaultValue: body.defaultValue ?? undefined,
      masked: false,
    };
    return { checked, faults };
  };

  /** Whether the rule leads out of the identity store. */
  const leadsOut = async (rule: PropagationRule): Promise<boolean> =>
    directionOf((await store.stores.get(rule.environmentId, rule.sourceStoreId))?.type ?? '') === 'OUTBOUND';

  /** The attribute of the directory in its own spelling. */
  const directoryTarget = async (
    rule: PropagationRule,
    name: string,
    faults: Faults,
    signal: AbortSignal,
  ): Promise<string | undefined> => {
    const target = await store.stores.get(rule.environmentId, rule.targetStoreId);
    if (target === undefined) return name;
    const { attributes } = await readOutboundTarget(store, directory, target, signal);
    const attribute = attributes.attribute('user', name);
    if (attribute === undefined)
      faults.add(
        'UNKNOWN_ATTRIBUTE',
        'targetAttribute',
        `The directory has no attribute ${JSON.stringify(name)} that users can be given`,
      );
    return attribute?.name;
  };
  const sourceSchema = async (rule: PropagationRule, signal: AbortSignal) => {
    const source = await store.stores.get(rule.environmentId, rule.sourceStoreId);
    const gatewayId = source?.type === 'LdapGateway' ? gatewayIdOf(source.configuration) : undefined;
    return gatewayId === undefined ? undefined : directory.schemaIfReachable(gatewayId, signal);
  };

  return {
    list: async ({ params, query }, context) => {
      const rule = await ruleOfRequest(store, params);
      const page = await store.mappings.list(rule.environmentId, rule.id, pageRequest(query));
      const bodies = page.items.map((mapping) => mappingBody(mapping, context.addresses));
      return collectionBody(context, 'mappings', bodies, page);
    },
    create: async ({ params, body }, context) => {
      const rule = await ruleOfRequest(store, params);
      const { checked, faults } = await check(rule, undefined, body, context.signal);
      const mapping = await store.mappings.create({
        ...checked,
        environmentId: rule.environmentId,
        ruleId: rule.id,
      });
      return { ...mappingBody(mapping, context.addresses), ...faults.warningsBody };
    },
    read: async ({ params }, context) =>
      mappingBody(found(await store.mappings.get(...mappingKey(params)), 'mapping'), context.addresses),
    replace: async ({ params, body }, context) => {
      const before = found(await store.mappings.get(...mappingKey(params)), 'mapping');
      const rule = found(await store.rules.get(before.environmentId, before.ruleId), 'rule');
      const { checked, faults } = await check(rule, before.id, body, context.signal);
      const mapping = await store.mappings.update(...mappingKey(params), checked);
      return { ...mappingBody(mapping, context.addresses), ...faults.warningsBody };
    },
    remove: async ({ params }) => {
      await store.mappings.remove(...mappingKey(params));
      return undefined;
    },
  };
}

/** The attribute of the identity store in its own spelling. */
function storeTarget(
  objectType: ObjectType,
  names: readonly string[],
  wanted: string,
  faults: Faults,
): string | undefined {
  const target = findTargetAttribute(names, wanted);
  if (target === undefined)
    faults.add(
      'UNKNOWN_ATTRIBUTE',
      'targetAttribute',
      `${objectType === 'group' ? 'Groups' : 'Users'} have no attribute ${JSON.stringify(wanted)}; they have ${names.join(', ')}`,
    );
  return target;
}

function mappingBody(mapping: PropagationMapping, addresses: Addresses): MappingBody {
  const propagation = `${environmentPath(mapping.environmentId)}/propagation`;
  return {
    _links: addresses.links(`${propagation}/mappings/${mapping.id}`, {
      rule: `${propagation}/rules/${mapping.ruleId}`,
    }),
    id: mapping.id,
    environment: { id: mapping.environmentId },
    rule: { id: mapping.ruleId },
    name: mapping.name,
    ...('attribute' in mapping.source
      ? { sourceAttribute: mapping.source.attribute }
      : { expression: mapping.source.expression }),
    targetAttribute: mapping.targetAttribute,
    attributeMappingType: mapping.objectType === 'group' ? 'groupAttributeMapping' : 'userAttributeMapping',
    createOnly: mapping.createOnly,
    trim: mapping.trim,
    characterCase: mapping.characterCase,
    parser: mapping.parser,
    ...present({ defaultValue: mapping.defaultValue }),
  };
}
