import type { ChangeBody, RunBody } from '@sallyport/contract';
import type { JournalEntry, RunProgress } from '@sallyport/engine';
import { type Addresses, environmentPath, present, timestamp } from '../../http/hal.ts';
import { rulePath } from '../rules/rule-body.ts';

export function runBody(
  environmentId: string,
  ruleId: string,
  run: RunProgress,
  now: number,
  addresses: Addresses,
): RunBody {
  const rule = rulePath(environmentId, ruleId);
  const path = `${rule}/runs/${run.runId}`;
  return {
    _links: addresses.links(path, {
      environment: environmentPath(environmentId),
      rule,
      changes: `${path}/changes`,
      ...(run.status === 'held'
        ? { removals: `${path}/removals`, release: `${path}/release`, discard: `${path}/discard` }
        : {}),
    }),
    id: run.runId,
    environment: { id: environmentId },
    rule: { id: ruleId },
    type: run.type,
    status: run.status,
    reason: run.reason,
    startedAt: timestamp(run.startedAt),
    ...(run.endedAt === undefined ? {} : { endedAt: timestamp(run.endedAt) }),
    read: run.read,
    ...present({ expected: run.expected }),
    ...pace(run, now),
    counts: { ...run.counts },
    ...(run.errorCode === undefined
      ? {}
      : { error: { code: run.errorCode, message: run.errorMessage ?? '' } }),
  };
}

/** Objects a second, and when a running one will end if it goes on like this. */
function pace(run: RunProgress, now: number): Pick<RunBody, 'ratePerSecond' | 'estimatedEndAt'> {
  const elapsedMs = (run.endedAt ?? now) - run.startedAt;
  if (elapsedMs <= 0 || run.read === 0) return {};
  const perMs = run.read / elapsedMs;
  const ratePerSecond = Math.round(perMs * 10_000) / 10;
  if (run.endedAt !== undefined || run.expected === undefined || run.expected < run.read)
    return { ratePerSecond };
  return { ratePerSecond, estimatedEndAt: timestamp(Math.round(now + (run.expected - run.read) / perMs)) };
}

export function changeBody(entry: JournalEntry): ChangeBody {
  return {
    at: timestamp(entry.at),
    objectType: entry.objectType,
    sourceKey: entry.sourceKey,
    place: entry.place,
    ...present({ targetId: entry.targetId }),
    label: entry.label,
    outcome: entry.outcome,
    reason: entry.reason,
    ...present({ errorCode: entry.errorCode }),
    changes: entry.changes.map((change) => ({
      attribute: change.attribute,
      before: [...change.before],
      after: [...change.after],
      ...present({ masked: change.masked }),
    })),
  };
}
