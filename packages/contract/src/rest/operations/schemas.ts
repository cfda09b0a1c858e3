import { operation } from '../operation.ts';
import { WHO } from '../role.ts';
import { schema, schemaAttribute, schemaAttributeInput, schemaAttributes, schemas } from '../shape/schema.ts';

export const schemaOperations = {
  list: operation({
    method: 'GET',
    path: '/v1/environments/{environmentId}/schemas',
    summary: 'Lists the one schema, `User`.',
    roles: WHO.schemaRead,
    response: schemas,
    status: 200,
  }),
  read: operation({
    method: 'GET',
    path: '/v1/environments/{environmentId}/schemas/{schemaId}',
    summary: 'Reads the schema.',
    roles: WHO.schemaRead,
    response: schema,
    status: 200,
  }),
  listAttributes: operation({
    method: 'GET',
    path: '/v1/environments/{environmentId}/schemas/{schemaId}/attributes',
    summary: 'Lists the attributes of users, custom ones included.',
    roles: WHO.schemaRead,
    response: schemaAttributes,
    status: 200,
  }),
  createAttribute: operation({
    method: 'POST',
    path: '/v1/environments/{environmentId}/schemas/{schemaId}/attributes',
    summary: 'Adds a custom attribute.',
    roles: WHO.configurationWrite,
    body: schemaAttributeInput,
    response: schemaAttribute,
    status: 201,
  }),
  readAttribute: operation({
    method: 'GET',
    path: '/v1/environments/{environmentId}/schemas/{schemaId}/attributes/{attributeId}',
    summary: 'Reads an attribute.',
    roles: WHO.schemaRead,
    response: schemaAttribute,
    status: 200,
  }),
  removeAttribute: operation({
    method: 'DELETE',
    path: '/v1/environments/{environmentId}/schemas/{schemaId}/attributes/{attributeId}',
    summary: 'Removes a custom attribute; its values stay with the users until they are written again.',
    roles: WHO.configurationWrite,
    status: 204,
  }),
} as const;
