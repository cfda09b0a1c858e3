import { foldCase, type Group, newUuid, parseGroupProfile } from '@sallyport/model';
import { notFound } from '../list/not-found.ts';
import { takeSequences } from '../object/take-sequences.ts';
import type { NewGroup } from '../record/group-records.ts';
import type { Session } from '../session.ts';
import { populationNumber } from '../user/change-user.ts';
import { nameHolders, namesClash } from './group-names.ts';
import { groupsFull, nameTaken } from './group-refusals.ts';
import { countGroups, groupCells, insertGroups } from './insert-groups.ts';
import { readWholeGroup } from './read-groups.ts';

export async function createGroup(session: Session, group: NewGroup): Promise<Group> {
  const profile = parseGroupProfile(group.profile);
  const { numbers, groupLimits } = session;
  return session.write(({ connection }) => {
    const { environmentId, populationId } = group;
    const environmentNo = numbers.environment(connection, environmentId);
    const populationNo =
      populationId === undefined
        ? undefined
        : populationNumber(numbers.readPopulation(connection, environmentNo, populationId), populationId);
    if (countGroups(connection, environmentNo) >= groupLimits.maxGroups)
      throw groupsFull(groupLimits.maxGroups);
    const key = foldCase(profile.name);
    const holder = nameHolders(connection, environmentNo, [key])
      .get(key)
      ?.find((one) => namesClash(one.populationNo, populationNo));
    if (holder !== undefined) throw nameTaken(profile.name, holder.id);
    const now = Date.now();
    const id = group.id ?? newUuid(now);
    const sequence = takeSequences(connection, environmentNo, 1);
    const { source } = group;
    insertGroups(connection, [
      groupCells({ environmentNo, id, sequence, populationNo, profile, source, now }),
    ]);
    const created = readWholeGroup(connection, numbers, environmentId, environmentNo, id);
    if (created === undefined) throw notFound('group', id);
    return created;
  });
}
