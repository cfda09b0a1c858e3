import type { PasswordGateway } from '@sallyport/connectors';
import type { OPERATIONS, OperationRequest } from '@sallyport/contract';
import type { Uuid } from '@sallyport/model';
import type { Store } from '@sallyport/store';
import { readLdapGateway } from '../gateways/gateway-record.ts';
import { isSecretAttribute } from '../gateways/secret-attributes.ts';
import { bodyId, refuseValue } from '../http/refuse.ts';

type Input = OperationRequest<typeof OPERATIONS.passwords.setGateway>['body'];

/** The link to a directory as a client sends it. @throws CodedError INVALID_DATA naming what is not there */
export async function parsePasswordGateway(
  store: Pick<Store, 'gateways'>,
  environmentId: Uuid,
  input: Input,
  target: string,
): Promise<PasswordGateway> {
  // Each check of a password searches by them: who may compare with a secret finds it out.
  const secrets = Object.keys(input.correlationAttributes).filter(isSecretAttribute);
  if (secrets.length > 0)
    refuseValue(
      'SECRET_ATTRIBUTE',
      `${target}correlationAttributes`,
      `${secrets.join(', ')} holds secrets and identifies nobody; link by a key such as objectGUID or entryUUID`,
    );
  const gatewayId = bodyId(input.id);
  const gateway = await store.gateways.get(environmentId, gatewayId);
  if (gateway === undefined)
    return refuseValue(
      'INVALID_VALUE',
      `${target}id`,
      `There is no gateway ${gatewayId} in this environment`,
    );
  const { userTypes } = readLdapGateway(gateway);
  const userType = userTypes.find(({ id }) => id === input.userType.id);
  if (userType === undefined)
    return refuseValue(
      'INVALID_VALUE',
      `${target}userType.id`,
      `The gateway ${gateway.name} has no user type ${input.userType.id}; it has ${userTypes.map(({ name, id }) => `${name} (${id})`).join(', ') || 'none'}`,
    );
  return { gatewayId, userTypeId: userType.id, correlationAttributes: { ...input.correlationAttributes } };
}
