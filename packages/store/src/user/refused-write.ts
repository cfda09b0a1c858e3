import type { ErrorDetail } from '@sallyport/model';
import type { BulkWriteResult } from '../store.ts';

export function refusedByFaults(faults: readonly ErrorDetail[]): BulkWriteResult {
  return {
    ok: false,
    code: faults[0]?.code ?? 'INVALID_VALUE',
    message: faults.map((fault) => fault.message).join('; '),
    conflict: false,
  };
}

export function takenUsername(username: string, holder: string): BulkWriteResult {
  return {
    ok: false,
    code: 'UNIQUENESS_VIOLATION',
    message: `The username ${username} belongs to the user ${holder}. Rename one of the two`,
    conflict: true,
  };
}

export function missingUser(id: string): BulkWriteResult {
  return { ok: false, code: 'NOT_FOUND', message: `There is no user ${id}`, conflict: false };
}
