import type { AttributeChange, Uuid } from '@sallyport/model';
import type { JournalLine } from '../record/sync-records.ts';
import { objectTypeCodes, outcomeCodes } from '../schema/codes.ts';
import { readId, readList, readNumber, readOptionalText, readText } from '../schema/decode.ts';
import type { Cell } from '../sqlite/connection.ts';

export const JOURNAL_SELECT = `SELECT j.number, r.id, j.at, j.object_type, j.source_key, j.place, j.target_id, j.label, j.outcome, j.reason,
  j.error_code, j.changes FROM journal j JOIN runs r ON r.number = j.run_no`;

export function readJournalLine(ruleId: Uuid, row: readonly Cell[]): JournalLine {
  return {
    ruleId,
    number: readNumber(row[0]),
    runId: readId(row[1]),
    at: readNumber(row[2]),
    objectType: objectTypeCodes.word(row[3]),
    sourceKey: readText(row[4]),
    place: readText(row[5]),
    targetId: readOptionalText(row[6]),
    label: readText(row[7]),
    outcome: outcomeCodes.word(row[8]),
    reason: readText(row[9]),
    errorCode: readOptionalText(row[10]),
    changes: readList(row[11], readChange),
  };
}

/**
 * A change as `[attribute, before, after]`, with a fourth element where the values are masked: half the bytes of an object with
 * its keys spelled out, in the largest table there is.
 */
export function writeChanges(changes: readonly AttributeChange[]): string {
  if (changes.length === 0) return '[]';
  return JSON.stringify(
    changes.map(({ attribute, before, after, masked }) =>
      masked === true ? [attribute, [], [], 1] : [attribute, before, after],
    ),
  );
}

function readChange(element: unknown): AttributeChange {
  const [attribute, before, after, masked]: readonly unknown[] = Array.isArray(element) ? element : [];
  return {
    attribute: readText(attribute),
    before: readTexts(before),
    after: readTexts(after),
    ...(masked === 1 ? { masked: true } : {}),
  };
}

function readTexts(values: unknown): readonly string[] {
  return Array.isArray(values) ? values.map(readText) : [];
}
