import { z } from 'zod';

/**
 * What an instance can do. The server sends nothing that an instance has not named in its `hello`, so an older instance
 * is told plainly what it cannot do instead of failing in the middle. The list only grows.
 */
export const CAPABILITIES = [
  'search',
  'add',
  'modify',
  'modifyDn',
  'delete',
  'compare',
  'bind',
  'extended',
  'watch',
  'testConnection',
  'move',
  'extendedStream',
] as const;

/** A capability this version knows. */
export type Capability = (typeof CAPABILITIES)[number];

/** Names of capabilities as they travel: unknown ones of a newer peer are kept as text and ignored. */
export const capabilitiesSchema = z.array(z.string().min(1).max(64)).max(256);
