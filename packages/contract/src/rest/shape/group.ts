import * as z from 'zod';
import {
  answeredReference,
  clearable,
  collection,
  filterQuery,
  pageQuery,
  reference,
  resource,
  text,
  timestamp,
} from './common.ts';

/** Whatever a client keeps with a group: a JSON object of at most 16 KiB. */
const customData = z.record(z.string(), z.unknown());
const customDataInput = z.record(z.string(), z.json());

export const groupInput = z.object({
  name: text(256),
  description: clearable(z.string().max(1024)),
  externalId: clearable(z.string().max(1024)),
  customData: clearable(customDataInput),
  /** Refused, with a word: groups have the members they are given. */
  userFilter: clearable(z.string().max(8192)),
  population: clearable(reference),
});

const memberCounts = z.object({ users: z.number() });

export const group = resource({
  id: z.string(),
  environment: answeredReference,
  name: z.string(),
  displayName: z.string(),
  description: z.string().optional(),
  externalId: z.string().optional(),
  customData: customData.optional(),
  userFilter: z.string().optional(),
  population: answeredReference.optional(),
  /** External groups only: where they come from. They are read-only by hand. */
  sourceId: z.string().optional(),
  sourceType: z.enum(['GATEWAY', 'IDP']).optional(),
  directMemberCounts: memberCounts,
  /** Only with `include=totalMemberCounts`: nested groups counted in, each user once. */
  totalMemberCounts: memberCounts.optional(),
  createdAt: timestamp,
  updatedAt: timestamp,
});
export type GroupBody = z.input<typeof group>;
export const groups = collection('groups', group);

export const groupQuery = z.object({ include: z.string().max(256).optional() });

export const membershipInput = z.object({ id: reference.shape.id });

/** A user in a group. `id` is the group's. */
export const userMembership = resource({
  id: z.string(),
  environment: answeredReference,
  name: z.string(),
  type: z.enum(['DIRECT', 'INDIRECT']),
  _embedded: z.object({ group }).optional(),
});
export const userMemberships = collection('groupMemberships', userMembership);
export const userMembershipsQuery = filterQuery.extend({ expand: z.string().max(64).optional() });

/** A group in a group. `id` is the containing group's. */
export const groupMembership = resource({
  id: z.string(),
  environment: answeredReference,
  name: z.string(),
  type: z.enum(['DIRECT', 'INDIRECT']),
});
export const groupMemberships = collection('groupMemberships', groupMembership);
export const groupMembershipsQuery = pageQuery;

/** What one rule says of one group at the target. */
export const syncedGroup = resource({
  id: z.string(),
  environment: answeredReference,
  rule: answeredReference,
  name: z.string(),
  sourceKey: z.string(),
  place: z.string(),
  status: z.string(),
  lastSyncAt: timestamp.optional(),
  details: z.string(),
  /** Memberships the source has and the target cannot have yet: their members are not there. */
  pendingMembers: z.number(),
});
export const syncedGroups = collection('syncedGroups', syncedGroup);
