import type { LeaseTable } from './rule-lease.ts';

/**
 * The table as one process sees it. The table knows processes by name, so that a restarted one takes its leases over; it
 * would give one lease to two workers of the same process, which happens while one of them is still ending.
 */
export function makeLocalLeases(table: LeaseTable): LeaseTable {
  const taken = new Set<string>();
  return {
    acquire: async (environmentId, name, holder, ttlMs) => {
      const key = `${environmentId} ${name}`;
      if (taken.has(key)) return false;
      taken.add(key);
      let acquired = false;
      try {
        acquired = await table.acquire(environmentId, name, holder, ttlMs);
        return acquired;
      } finally {
        if (!acquired) taken.delete(key);
      }
    },
    renew: (environmentId, name, holder, ttlMs) => table.renew(environmentId, name, holder, ttlMs),
    release: async (environmentId, name, holder) => {
      try {
        await table.release(environmentId, name, holder);
      } finally {
        taken.delete(`${environmentId} ${name}`);
      }
    },
    holder: (environmentId, name) => table.holder(environmentId, name),
  };
}
