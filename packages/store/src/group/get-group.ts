import type { Group, Uuid } from '@sallyport/model';
import type { Session } from '../session.ts';
import { readWholeGroup } from './read-groups.ts';

export function getGroup(session: Session, environmentId: Uuid, id: Uuid): Group | undefined {
  const { reader, numbers } = session;
  const environmentNo = numbers.readEnvironment(reader, environmentId);
  return environmentNo === undefined
    ? undefined
    : readWholeGroup(reader, numbers, environmentId, environmentNo, id);
}
