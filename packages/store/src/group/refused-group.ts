import type { CodedError } from '@sallyport/model';
import type { BulkWriteResult } from '../store.ts';

export function refusedWith({ code, message }: CodedError, conflict: boolean): BulkWriteResult {
  return { ok: false, code, message, conflict };
}

export function missingGroup(id: string): BulkWriteResult {
  return { ok: false, code: 'NOT_FOUND', message: `There is no group ${id}`, conflict: false };
}
