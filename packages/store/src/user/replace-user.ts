import { parseProfile, type User, type UserProfile, type Uuid } from '@sallyport/model';
import type { Session } from '../session.ts';
import { changeUser } from './change-user.ts';

export async function replaceUser(
  session: Session,
  environmentId: Uuid,
  id: Uuid,
  profile: UserProfile,
): Promise<User> {
  const parsed = parseProfile(profile);
  return changeUser(session, environmentId, id, () => ({ profile: parsed }));
}
