import type { SourceReader } from '@sallyport/engine';

/** A source that holds nobody, and to which nothing happens. */
export const emptySource: SourceReader = {
  open: async () => ({ strategy: 'usn', strategyReason: 'test', warnings: [] }),
  // biome-ignore lint/correctness/useYield: a source without objects
  readAll: async function* () {
    return { position: undefined, basesRead: [], deletionsSeen: true };
  },
  // biome-ignore lint/correctness/useYield: a source without changes
  changesSince: async function* () {
    return { position: undefined, basesRead: [], deletionsSeen: true };
  },
  readByKeys: async () => [],
  find: async () => undefined,
  namedBy: async () => new Map(),
  referenceOf: (place) => place,
  hints: async function* () {
    // No push.
  },
};
