import type { OperationMessage, StreamMessage } from '@sallyport/contract';
import { isReadOnlyExtended } from '@sallyport/ldap';

type Without<M, K extends PropertyKey> = M extends unknown ? Omit<M, K> : never;

/** An operation before a connection has given it its number. */
export type OperationDraft = Without<Exclude<OperationMessage, StreamMessage>, 'id'>;

/** A search, watch or extended stream before a connection has given it number and credit. */
export type StreamDraft = Without<StreamMessage, 'id' | 'creditBytes'>;

/**
 * True if doing it twice is the same as doing it once and nothing is changed: such an operation is asked of another
 * instance when one goes away. An extended operation that is not known may do anything, so it counts as a write.
 */
export function isRead(draft: OperationDraft | StreamDraft): boolean {
  switch (draft.type) {
    case 'search':
    case 'watch':
    case 'compare':
    case 'bind':
    case 'testConnection':
      return true;
    case 'extended':
    case 'extendedStream':
      return isReadOnlyExtended(draft.oid);
    default:
      return false;
  }
}
