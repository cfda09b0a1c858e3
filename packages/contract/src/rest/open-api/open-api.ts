import * as z from 'zod';
import { MEDIA_TYPE } from '../media-type.ts';
import type { Operation } from '../operation.ts';
import { listOperations, type NamedOperation } from '../operations.ts';
import { errorBody } from '../shape/error.ts';

type Json = Record<string, unknown>;

/** The OpenAPI 3.1 document of the table, for a server at `publicUrl`. */
export function makeOpenApi(publicUrl: string, version: string): Json {
  const paths: Record<string, Record<string, Json>> = {};
  const byMethodAndPath = Map.groupBy(
    listOperations(),
    ({ operation }) => `${operation.method} ${operation.path}`,
  );
  for (const sharing of byMethodAndPath.values()) {
    const first = sharing[0];
    if (first === undefined) continue;
    const { path, method } = first.operation;
    paths[path] ??= {};
    paths[path][method.toLowerCase()] = describe(sharing, first);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Sallyport',
      version,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      description:
        'Identity provisioning between LDAP directories and an identity store, in the shapes of the PingOne Platform API.',
    },
    servers: [{ url: publicUrl }],
    security: [{ worker: [] }, { bearer: [] }],
    paths,
    components: {
      schemas: { Error: jsonSchema(errorBody, 'output') },
      securitySchemes: {
        worker: {
          type: 'oauth2',
          flows: { clientCredentials: { tokenUrl: `${publicUrl}/{environmentId}/as/token`, scopes: {} } },
        },
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
      },
    },
  };
}

/** Operations that share method and path become one, with a body for each media type. */
function describe(sharing: readonly NamedOperation[], first: NamedOperation): Json {
  const { operation } = first;
  const content = Object.fromEntries(
    sharing.flatMap(({ operation: { body, mediaTypes } }) =>
      body === undefined
        ? []
        : (mediaTypes ?? [MEDIA_TYPE.json]).map((type) => [type, { schema: jsonSchema(body, 'input') }]),
    ),
  );
  const required = sharing.every(
    ({ operation: { body } }) => body !== undefined && !body.safeParse(undefined).success,
  );
  return {
    operationId: sharing.map(({ id }) => id).join('|'),
    tags: [first.group],
    summary: sharing.map(({ operation: { summary } }) => summary).join(' Or: '),
    'x-roles': operation.roles,
    parameters: parameters(operation),
    ...(Object.keys(content).length === 0 ? {} : { requestBody: { required, content } }),
    responses: {
      [operation.status]:
        operation.response === undefined
          ? { description: 'Done.' }
          : {
              description: 'Done.',
              content: { [MEDIA_TYPE.json]: { schema: jsonSchema(operation.response, 'output') } },
            },
      default: {
        description: 'What was wrong, every fault at once.',
        content: { [MEDIA_TYPE.json]: { schema: { $ref: '#/components/schemas/Error' } } },
      },
    },
  };
}

function parameters(operation: Operation): readonly Json[] {
  const inPath = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const inQuery = Object.entries(operation.query?.shape ?? {}).map(([name, type]) => ({
    name,
    in: 'query',
    required: false,
    schema: jsonSchema(type, 'input'),
  }));
  return [...inPath, ...inQuery];
}

function jsonSchema(type: z.core.$ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...schema } = z.toJSONSchema(type, { io, unrepresentable: 'any' });
  return schema;
}
