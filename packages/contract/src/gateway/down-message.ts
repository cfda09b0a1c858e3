import { z } from 'zod';
import { addSchema } from './message/add.ts';
import { bindSchema } from './message/bind.ts';
import { cancelSchema } from './message/cancel.ts';
import { compareSchema } from './message/compare.ts';
import { configurationSchema } from './message/configuration.ts';
import { creditSchema } from './message/credit.ts';
import { deleteSchema } from './message/delete.ts';
import { extendedSchema } from './message/extended.ts';
import { extendedStreamSchema } from './message/extended-stream.ts';
import { modifySchema } from './message/modify.ts';
import { modifyDnSchema } from './message/modify-dn.ts';
import { moveSchema } from './message/move.ts';
import { searchSchema } from './message/search.ts';
import { testConnectionSchema } from './message/test-connection.ts';
import { watchSchema } from './message/watch.ts';

/** Everything a server says to an instance. */
export const downMessageSchema = z.discriminatedUnion('type', [
  configurationSchema,
  searchSchema,
  watchSchema,
  addSchema,
  modifySchema,
  modifyDnSchema,
  deleteSchema,
  compareSchema,
  bindSchema,
  extendedSchema,
  extendedStreamSchema,
  testConnectionSchema,
  creditSchema,
  cancelSchema,
  moveSchema,
]);

export type DownMessage = z.infer<typeof downMessageSchema>;

/** The operations that are answered with frames before their result. */
export type StreamMessage = Extract<DownMessage, { readonly type: 'search' | 'watch' | 'extendedStream' }>;

/** The messages that ask for something and are answered by their id. */
export type OperationMessage = Exclude<
  DownMessage,
  { readonly type: 'configuration' | 'credit' | 'cancel' | 'move' }
>;
