import type { PasswordGateway } from '@sallyport/connectors';
import type { OPERATIONS, OperationRequest } from '@sallyport/contract';
import type { Uuid } from '@sallyport/model';
import type { NewPassword, Store } from '@sallyport/store';
import { present } from '../http/hal.ts';
import { together } from '../http/refuse.ts';
import { parsePasswordGateway } from './password-gateway.ts';
import type { Passwords } from './password-service.ts';

type Input = OperationRequest<typeof OPERATIONS.users.create>['body']['password'];

/** The `password` of a body that makes a user: a value, who checks it, both, or neither. */
export async function newUserPassword(
  store: Pick<Store, 'gateways'>,
  passwords: Passwords,
  environmentId: Uuid,
  input: Input,
  username: string,
): Promise<{ readonly password?: NewPassword; readonly passwordGateway?: PasswordGateway }> {
  const link = input?.external?.gateway;
  const value = input?.value;
  const [passwordGateway, password] = await together([
    link === undefined
      ? undefined
      : parsePasswordGateway(store, environmentId, link, 'password.external.gateway.'),
    value === undefined || value === null
      ? undefined
      : passwords.make({
          value,
          mustChange: input?.forceChange ?? false,
          bypassPolicy: false,
          username,
          target: 'password.value',
        }),
  ]);
  return present({ passwordGateway, password });
}
