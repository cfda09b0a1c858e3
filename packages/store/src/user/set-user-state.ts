import type { User, UserState, Uuid } from '@sallyport/model';
import type { Session } from '../session.ts';
import { changeUser } from './change-user.ts';

export type UserStateChange = { readonly [K in keyof UserState]?: UserState[K] | undefined };

export async function setUserState(
  session: Session,
  environmentId: Uuid,
  id: Uuid,
  change: UserStateChange,
): Promise<User> {
  return changeUser(session, environmentId, id, (before) => ({ state: mergeState(before.state, change) }));
}

/** One level deep: present parts replace, `undefined` clears. */
export function mergeState(before: UserState, change: UserStateChange): UserState {
  const merged = { ...before, ...change };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined));
}
