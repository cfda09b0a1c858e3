import { z } from 'zod';
import { searchFields } from './search.ts';

/**
 * Server → instance: a search that stays open until `cancel` (persistent search, AD change notification, syncrepl
 * persist, as the controls say). Never paged; answered like `search`.
 */
export const watchSchema = z.object({ type: z.literal('watch'), ...searchFields });

export type WatchMessage = z.infer<typeof watchSchema>;
