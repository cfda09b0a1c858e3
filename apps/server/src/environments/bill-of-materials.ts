import type { OPERATIONS, OperationAnswer, OperationRequest } from '@sallyport/contract';
import { type JsonObject, newUuid } from '@sallyport/model';
import type { Environment } from '@sallyport/store';
import { type Addresses, environmentPath, present, timestamp } from '../http/hal.ts';
import { readJsonArray, readJsonObject, readJsonText } from '../http/json-reading.ts';

type Input = OperationRequest<typeof OPERATIONS.environments.replaceBillOfMaterials>['body'];
type Body = OperationAnswer<typeof OPERATIONS.environments.readBillOfMaterials>;

/** What is kept of a bill of materials: each product gets an id, `null` and absent are the same. */
export function billOfMaterialsRecord(input: Input): JsonObject {
  return present({
    solutionType: input.solutionType ?? undefined,
    products: input.products.map((product) =>
      present({
        id: newUuid(),
        type: product.type,
        console: product.console ?? undefined,
        deployment: product.deployment ?? undefined,
        bookmarks: product.bookmarks ?? undefined,
        tags: product.tags ?? undefined,
      }),
    ),
  });
}

export function billOfMaterialsBody(environment: Environment, addresses: Addresses): Body {
  const path = environmentPath(environment.id);
  const record = environment.billOfMaterials ?? {};
  return {
    _links: addresses.links(`${path}/billOfMaterials`, { environment: path }),
    products: readJsonArray(record.products).map((value) => {
      const product = readJsonObject(value);
      const href = readJsonText(readJsonObject(product.console).href);
      const deploymentId = readJsonText(readJsonObject(product.deployment).id);
      return present({
        id: readJsonText(product.id) ?? '',
        type: readJsonText(product.type) ?? '',
        console: href === undefined ? undefined : { href },
        deployment: deploymentId === undefined ? undefined : { id: deploymentId },
        bookmarks: readJsonArray(product.bookmarks).map((bookmark) => ({
          name: readJsonText(readJsonObject(bookmark).name) ?? '',
          href: readJsonText(readJsonObject(bookmark).href) ?? '',
        })),
        tags: readJsonArray(product.tags).flatMap((tag) => readJsonText(tag) ?? []),
      });
    }),
    ...present({ solutionType: readJsonText(record.solutionType) }),
    createdAt: timestamp(environment.createdAt),
    updatedAt: timestamp(environment.updatedAt),
  };
}
