import { CodedError, type User, type Uuid } from '@sallyport/model';
import type { Store } from '@sallyport/store';
import type { HandlerGroup } from '../http/handlers.ts';
import { found, idOf, refuseValue, together } from '../http/refuse.ts';
import { passwordBody } from './password-body.ts';
import { parsePasswordGateway } from './password-gateway.ts';
import type { Passwords } from './password-service.ts';

interface UserParams {
  readonly environmentId: string;
  readonly userId: string;
}

export function makePasswordHandlers(store: Store, passwords: Passwords): HandlerGroup<'passwords'> {
  const keyOf = (params: UserParams): readonly [Uuid, Uuid] => [
    idOf(params.environmentId, 'environment'),
    idOf(params.userId, 'user'),
  ];
  const get = async (params: UserParams): Promise<User> =>
    found(await store.users.get(...keyOf(params)), 'user');
  /** A password as it stands now, of a user who may have been given another link meanwhile. */
  const stateOf = async (params: UserParams) => passwords.state(await get(params));

  return {
    read: async ({ params }, { addresses }) => passwordBody(await stateOf(params), addresses),
    set: async ({ params, body }, { addresses }) => {
      const user = await get(params);
      const link = body.external?.gateway;
      const [gateway, made] = await together([
        link === undefined
          ? undefined
          : parsePasswordGateway(store, user.environmentId, link, 'external.gateway.'),
        passwords.make({
          value: body.value,
          mustChange: body.forceChange ?? false,
          bypassPolicy: body.bypassPolicy ?? false,
          username: user.profile.username,
          target: 'value',
        }),
      ]);
      await store.passwords.put(user.environmentId, user.id, made);
      await store.users.setState(user.environmentId, user.id, { passwordGateway: gateway });
      return passwordBody(await stateOf(params), addresses);
    },
    setValue: async ({ params, body }, { addresses }) => {
      const user = await get(params);
      if (body.value === null || body.value === undefined)
        await store.passwords.remove(user.environmentId, user.id);
      else
        await store.passwords.put(
          user.environmentId,
          user.id,
          await passwords.make({
            value: body.value,
            mustChange: body.forceChange ?? false,
            bypassPolicy: body.bypassPolicy ?? false,
            username: user.profile.username,
            target: 'value',
          }),
        );
      return passwordBody(await stateOf(params), addresses);
    },
    setGateway: async ({ params, body }, { addresses }) => {
      const user = await get(params);
      const passwordGateway = await parsePasswordGateway(store, user.environmentId, body, '');
      await store.users.setState(user.environmentId, user.id, { passwordGateway });
      return passwordBody(await stateOf(params), addresses);
    },
    reset: async ({ params, body }, { addresses, signal }) => {
      const user = await get(params);
      assertHeldHere(user);
      await passwords.check(user, body.currentPassword, 'currentPassword', signal);
      if (body.newPassword === body.currentPassword)
        refuseValue('PASSWORD_POLICY_VIOLATION', 'newPassword', 'The new password is the current one');
      const made = await passwords.make({
        value: body.newPassword,
        mustChange: false,
        bypassPolicy: false,
        // It is what somebody typed. As a hash it would pass by the policy, and another text would be the password.
        isClearText: true,
        username: user.profile.username,
        target: 'newPassword',
      });
      await store.passwords.put(user.environmentId, user.id, made);
      return passwordBody(await stateOf(params), addresses);
    },
    check: async ({ params, body }, { addresses, signal }) =>
      passwordBody(await passwords.check(await get(params), body.password, 'password', signal), addresses),
    forceChange: async ({ params }, { addresses }) => {
      const user = await get(params);
      assertHeldHere(user);
      if ((await store.passwords.setMustChange(user.environmentId, user.id, true)) === undefined)
        throw new CodedError('NO_PASSWORD', 'The user has no password that could be changed; set one');
      return passwordBody(await stateOf(params), addresses);
    },
    unlock: async ({ params }, { addresses }) => {
      const user = await get(params);
      await store.passwords.clearFailures(user.environmentId, user.id);
      return passwordBody(await stateOf(params), addresses);
    },
  };
}

function assertHeldHere(user: User): void {
  if (user.state.passwordGateway !== undefined)
    throw new CodedError(
      'PASSWORD_HELD_BY_DIRECTORY',
      'The password of this user lies in a directory; change it there',
    );
}
