import type { Link } from '../record/sync-records.ts';
import { objectTypeCodes, outcomeCodes, presenceCodes, statusCodes } from '../schema/codes.ts';
import { readNumber, readOptionalNumber, readOptionalText, readText } from '../schema/decode.ts';
import type { Cell } from '../sqlite/connection.ts';

/** In the order in which rows are read. */
export const LINK_COLUMNS =
  'link_key, object_type, source_key, place, target_id, presence, status, outcome, reason, error_code, fingerprint, target_version, disabled_by_rule, created_by_rule, delete_after, last_sync_at';

/** Where the source key stands among them. */
export const SOURCE_KEY = 2;

export const NUMBERS_PER_RULE = 2 ** 32;

/** The key of a link's row: its rule's number above, its own below. Exact up to two million rules. */
export function linkKey(ruleNo: number, number: number): number {
  return ruleNo * NUMBERS_PER_RULE + number;
}

export function linkNumber(key: Cell | undefined): number {
  return readNumber(key) % NUMBERS_PER_RULE;
}

export function readLink(row: readonly Cell[]): Link {
  return {
    number: linkNumber(row[0]),
    objectType: objectTypeCodes.word(row[1]),
    sourceKey: readText(row[2]),
    place: readText(row[3]),
    targetId: readOptionalText(row[4]),
    presence: presenceCodes.word(row[5]),
    status: statusCodes.word(row[6]),
    outcome: outcomeCodes.word(row[7]),
    reason: readText(row[8]),
    errorCode: readOptionalText(row[9]),
    fingerprint: readText(row[10]),
    targetVersion: readNumber(row[11]),
    disabledByRule: row[12] === 1,
    createdByRule: row[13] === 1,
    deleteAfter: readOptionalNumber(row[14]),
    lastSyncAt: readNumber(row[15]),
  };
}
