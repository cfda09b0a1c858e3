import type { JournalEntry } from '@sallyport/engine';
import { foldCase, type ObjectType, type Outcome } from '@sallyport/model';
import type { Page, PageRequest } from '@sallyport/store';
import { refuseValue } from '../../http/refuse.ts';

export interface PlanFilter {
  readonly outcome?: Outcome | undefined;
  readonly objectType?: ObjectType | undefined;
  readonly contains?: string | undefined;
}

/** A page of a preview's list, which lies in memory: the cursor is a position in it. */
export function previewPage(
  plans: readonly JournalEntry[],
  wanted: PlanFilter,
  request: PageRequest,
): Page<JournalEntry> {
  const part = wanted.contains === undefined ? undefined : foldCase(wanted.contains);
  const chosen = plans.filter(
    ({ outcome, objectType, label, place }) =>
      (wanted.outcome === undefined || outcome === wanted.outcome) &&
      (wanted.objectType === undefined || objectType === wanted.objectType) &&
      (part === undefined || foldCase(label).includes(part) || foldCase(place).includes(part)),
  );
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
