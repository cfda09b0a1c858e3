import type { JournalEntry } from '@sallyport/engine';
import type { Outcome } from '@sallyport/model';
import type { Page, PageRequest } from '@sallyport/store';
import { refuseValue } from '../../http/refuse.ts';

/** A page of a preview's list, which lies in memory: the cursor is a position in it. */
export function previewPage(
  plans: readonly JournalEntry[],
  outcomes: readonly Outcome[],
  request: PageRequest,
): Page<JournalEntry> {
  const chosen = outcomes.length === 0 ? plans : plans.filter(({ outcome }) => outcomes.includes(outcome));
  const start = request.cursor === undefined ? 0 : Number(request.cursor);
  if (!Number.isSafeInteger(start) || start < 0)
    return refuseValue('INVALID_CURSOR', 'cursor', 'The cursor does not come from this list');
  const end = start + request.limit;
  return {
    items: chosen.slice(start, end),
    count: chosen.length,
    nextCursor: end < chosen.length ? String(end) : undefined,
  };
}
