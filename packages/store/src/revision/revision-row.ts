import type { Selectable } from 'kysely';
import type { Revision } from '../record/configuration-records.ts';
import { readId, readOptionalId } from '../schema/decode.ts';
import type { Tables } from '../schema/tables.ts';

/** Without the snapshot, which may be large and is asked for by itself. */
export const REVISION_COLUMNS = [
  'environment_id',
  'id',
  'number',
  'previous_id',
  'created_by',
  'created_at',
] as const satisfies readonly (keyof Tables['revisions'])[];

export function readRevision(
  row: Selectable<Pick<Tables['revisions'], (typeof REVISION_COLUMNS)[number]>>,
): Revision {
  return {
    environmentId: readId(row.environment_id),
    id: readId(row.id),
    previousId: readOptionalId(row.previous_id),
    createdBy: row.created_by,
    createdAt: row.created_at,
  };
}
