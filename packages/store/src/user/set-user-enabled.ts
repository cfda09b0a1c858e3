import type { User, Uuid } from '@sallyport/model';
import type { Session } from '../session.ts';
import { changeUser } from './change-user.ts';

export async function setUserEnabled(
  session: Session,
  environmentId: Uuid,
  id: Uuid,
  enabled: boolean,
): Promise<User> {
  return changeUser(session, environmentId, id, () => ({ enabled }));
}
