import { mergeProfile, parseProfile, type User, type UserProfilePatch, type Uuid } from '@sallyport/model';
import type { Session } from '../session.ts';
import { changeUser } from './change-user.ts';

/** Merged inside the transaction, so that two patches of different attributes at once both last. */
export async function patchUser(
  session: Session,
  environmentId: Uuid,
  id: Uuid,
  patch: UserProfilePatch,
): Promise<User> {
  return changeUser(session, environmentId, id, (before) => ({
    profile: parseProfile(mergeProfile(before.profile, patch)),
  }));
}
