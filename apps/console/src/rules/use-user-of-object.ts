import { useQuery } from '@tanstack/react-query';
import { useApi } from '../api/api-context.ts';
import { ruleStatusQuery } from '../api/rule-queries.ts';

interface ObjectOfRule {
  readonly objectType?: 'user' | 'group';
  readonly sourceKey?: string | undefined;
  readonly targetId?: string | undefined;
}

/** Which user of the identity store an object is: the target of an inbound rule, the source of an outbound one. */
export function useUserOfObject(ruleId: string): (object: ObjectOfRule) => string | undefined {
  const status = useQuery(ruleStatusQuery(useApi(), ruleId));
  const direction = status.data?.direction;
  return ({ objectType, sourceKey, targetId }) =>
    objectType === 'group' || direction === undefined
      ? undefined
      : direction === 'INBOUND'
        ? targetId
        : sourceKey;
}
