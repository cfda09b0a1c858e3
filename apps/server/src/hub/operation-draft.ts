import type { OperationMessage, SearchMessage, WatchMessage } from '@sallyport/contract';

type WithoutId<M> = M extends unknown ? Omit<M, 'id'> : never;

/** An operation before a connection has given it its number. */
export type OperationDraft = WithoutId<Exclude<OperationMessage, { readonly type: 'search' | 'watch' }>>;

/** A search or watch before a connection has given it number and credit. */
export type StreamDraft =
  | Omit<SearchMessage, 'id' | 'creditBytes'>
  | Omit<WatchMessage, 'id' | 'creditBytes'>;

/** WhoAmI (RFC 4532), the one extended operation that certainly changes nothing. */
const WHO_AM_I_OID = '1.3.6.1.4.1.4203.1.11.3';

/**
 * True if doing it twice is the same as doing it once and nothing is changed: such an operation is asked of another
 * instance when one goes away. An extended operation may do anything, so it counts as a write.
 */
export function isRead(draft: OperationDraft): boolean {
  switch (draft.type) {
    case 'compare':
    case 'bind':
    case 'testConnection':
      return true;
    case 'extended':
      return draft.oid === WHO_AM_I_OID;
    default:
      return false;
  }
}
