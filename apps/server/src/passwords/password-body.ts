import type { PasswordStateBody } from '@sallyport/contract';
import { type Addresses, environmentPath, present, timestamp } from '../http/hal.ts';
import { policyId } from './password-policy.ts';
import type { PasswordState } from './password-service.ts';

/** What the API says of a password. */
export function passwordBody(state: PasswordState, addresses: Addresses): PasswordStateBody {
  const { user, status, lastChangedAt, secondsUntilUnlock } = state;
  const { environmentId } = user;
  const path = `${environmentPath(environmentId)}/users/${user.id}`;
  const gateway = user.state.passwordGateway;
  return {
    _links: addresses.links(`${path}/password`, {
      environment: environmentPath(environmentId),
      user: path,
      ...passwordLinks(path),
    }),
    environment: { id: environmentId },
    user: { id: user.id },
    passwordPolicy: { id: policyId(environmentId) },
    status,
    ...present({
      lastChangedAt: lastChangedAt === undefined ? undefined : timestamp(lastChangedAt),
      secondsUntilUnlock,
    }),
    ...(gateway === undefined
      ? {}
      : {
          external: {
            gateway: {
              id: gateway.gatewayId,
              type: 'LDAP',
              userType: { id: gateway.userTypeId },
              correlationAttributes: { ...gateway.correlationAttributes },
            },
          },
        }),
  };
}

/** What can be done about a password: one address, told apart by the media type of the body. */
export function passwordLinks(userPath: string): Record<string, string> {
  const password = `${userPath}/password`;
  return {
    password,
    'password.set': password,
    'password.reset': password,
    'password.check': password,
  };
}
