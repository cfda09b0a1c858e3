import { z } from 'zod';
import { MAX_STREAM_ID } from '../frame.ts';

/** Number of an operation, chosen by the server, unique while the operation lasts; also the id of its stream. */
export const operationIdSchema = z.int().min(1).max(MAX_STREAM_ID);
