import { createHash } from 'node:crypto';
import type { SchemaAttributeBody } from '@sallyport/contract';
import { isCustomAttributeName, newUuid, type Uuid } from '@sallyport/model';
import type { Store } from '@sallyport/store';
import { type Addresses, environmentPath, present } from '../http/hal.ts';
import type { HandlerGroup } from '../http/handlers.ts';
import { wholeCollection } from '../http/paging.ts';
import { Faults, found, idOf, notFound } from '../http/refuse.ts';
import type { RequestContext } from '../http/request-context.ts';
import {
  BUILT_IN_USER_ATTRIBUTES,
  type CustomAttribute,
  readCustomAttributes,
  type SchemaAttribute,
  writeCustomAttributes,
} from '../users/user-attribute.ts';

const MAX_CUSTOM_PER_TYPE = 200;

/** An id that is the same at every start: the environment's and a name's digest in the form of a UUID (RFC 9562 §5.8). */
function derivedId(environmentId: string, name: string): string {
  const hex = createHash('sha256').update(`${environmentId} ${name}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export function makeSchemaHandlers(store: Store): HandlerGroup<'schemas'> {
  const environmentOf = (params: { readonly environmentId: string; readonly schemaId: string }): Uuid => {
    const environmentId = idOf(params.environmentId, 'environment');
    if (idOf(params.schemaId, 'schema') !== derivedId(environmentId, 'User')) throw notFound('schema');
    return environmentId;
  };
  const bodies = async (
    environmentId: Uuid,
    addresses: Addresses,
  ): Promise<readonly SchemaAttributeBody[]> => {
    const all = [...BUILT_IN_USER_ATTRIBUTES, ...(await readCustomAttributes(store, environmentId))];
    return all.map((attribute) => attributeBody(environmentId, attribute, addresses));
  };
  return {
    list: async ({ params }, context) =>
      wholeCollection(context, 'schemas', [schemaBody(idOf(params.environmentId, 'environment'), context)]),
    read: async ({ params }, context) => schemaBody(environmentOf(params), context),
    listAttributes: async ({ params }, context) =>
      wholeCollection(context, 'attributes', await bodies(environmentOf(params), context.addresses)),
    readAttribute: async ({ params }, context) => {
      const all = await bodies(environmentOf(params), context.addresses);
      return found(
        all.find(({ id }) => id === params.attributeId.toLowerCase()),
        'attribute',
      );
    },
    createAttribute: async ({ params, body }, context) => {
      const environmentId = environmentOf(params);
      const custom = await readCustomAttributes(store, environmentId);
      const type = body.type ?? 'STRING';
      const faults = new Faults();
      const taken = [...BUILT_IN_USER_ATTRIBUTES, ...custom].some(
        ({ name }) => name.toLowerCase() === body.name.toLowerCase(),
      );
      if (taken) faults.add('UNIQUENESS_VIOLATION', 'name', `There is an attribute ${body.name} already`);
      else if (!isCustomAttributeName(body.name))
        faults.add('INVALID_VALUE', 'name', `${body.name} is a property of users that no attribute can have`);
      if (body.unique === true)
        faults.add('INVALID_VALUE', 'unique', 'Values of custom attributes cannot be kept unique');
      if (custom.filter((attribute) => attribute.type === type).length >= MAX_CUSTOM_PER_TYPE)
        faults.add(
          'OUT_OF_RANGE',
          'type',
          `There are ${MAX_CUSTOM_PER_TYPE} attributes of type ${type} already, which is the limit`,
        );
      faults.throwIfAny();
      const made: CustomAttribute = {
        id: newUuid(),
        name: body.name,
        displayName: body.displayName ?? body.name,
        type,
        schemaType: 'CUSTOM',
        enabled: body.enabled ?? true,
        multiValued: body.multiValued ?? false,
        ...present({ description: body.description ?? undefined }),
      };
      await writeCustomAttributes(store, environmentId, [...custom, made]);
      return attributeBody(environmentId, made, context.addresses);
    },
    removeAttribute: async ({ params }) => {
      const environmentId = environmentOf(params);
      const id = idOf(params.attributeId, 'attribute');
      const custom = await readCustomAttributes(store, environmentId);
      const left = custom.filter((attribute) => attribute.id !== id);
      if (left.length === custom.length) throw notFound('custom attribute');
      await writeCustomAttributes(store, environmentId, left);
      return undefined;
    },
  };
}

function schemaBody(environmentId: Uuid, context: RequestContext) {
  const environment = environmentPath(environmentId);
  const id = derivedId(environmentId, 'User');
  const path = `${environment}/schemas/${id}`;
  return {
    _links: context.addresses.links(path, { environment, attributes: `${path}/attributes` }),
    id,
    environment: { id: environmentId },
    name: 'User',
    description: 'Attributes of the users of this environment',
  };
}

function attributeBody(
  environmentId: Uuid,
  attribute: SchemaAttribute & { readonly id?: Uuid },
  addresses: Addresses,
): SchemaAttributeBody {
  const schemaId = derivedId(environmentId, 'User');
  const schema = `${environmentPath(environmentId)}/schemas/${schemaId}`;
  const id = attribute.id ?? derivedId(environmentId, attribute.name);
  const flags = {
    enabled: attribute.enabled ?? true,
    required: attribute.required ?? false,
    unique: attribute.unique ?? false,
    multiValued: attribute.multiValued ?? false,
  };
  return {
    _links: addresses.links(`${schema}/attributes/${id}`, { schema }),
    id,
    environment: { id: environmentId },
    schema: { id: schemaId },
    name: attribute.name,
    displayName: attribute.displayName,
    ...present({ description: attribute.description }),
    type: attribute.type,
    schemaType: attribute.schemaType,
    ...flags,
    ...(attribute.parts === undefined
      ? {}
      : {
          subAttributes: attribute.parts.map((part) => ({
            id: derivedId(environmentId, `${attribute.name}.${part.name}`),
            name: part.name,
            displayName: part.displayName,
            type: 'STRING',
            ...flags,
          })),
        }),
  };
}
