import type { LiveProgress, Preview } from '@sallyport/engine';
import type { Clock } from '@sallyport/runtime';

/** A preview is kept in memory alone: it writes nothing, so it leaves nothing. */
export interface ShelvedPreview {
  readonly runId: string;
  readonly ruleId: string;
  readonly startedAt: number;
  readonly progress: LiveProgress | undefined;
  /** Present when it is done. */
  readonly preview: Preview | undefined;
  readonly error: unknown;
}

const KEPT = 20;
const KEPT_MS = 60 * 60 * 1000;

export interface PreviewShelf {
  put(preview: ShelvedPreview): void;
  update(runId: string, change: Partial<Pick<ShelvedPreview, 'progress' | 'preview' | 'error'>>): void;
  get(runId: string): ShelvedPreview | undefined;
}

/** The last 20 previews, for an hour. */
export function makePreviewShelf(clock: Clock): PreviewShelf {
  const shelf = new Map<string, ShelvedPreview>();
  return {
    put: (preview) => {
      const oldest = clock.now() - KEPT_MS;
      for (const [runId, one] of shelf) if (one.startedAt < oldest || shelf.size >= KEPT) shelf.delete(runId);
      shelf.set(preview.runId, preview);
    },
    update: (runId, change) => {
      const before = shelf.get(runId);
      if (before !== undefined) shelf.set(runId, { ...before, ...change });
    },
    get: (runId) => shelf.get(runId),
  };
}
