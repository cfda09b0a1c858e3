import { CodedError } from '@sallyport/model';
import { composeStore } from './compose-store.ts';
import { migrate } from './migration/migrate.ts';
import type { GroupLimits } from './record/group-records.ts';
import { Numbers } from './schema/numbers.ts';
import type { Session } from './session.ts';
import { makeQueryBuilder } from './sqlite/kysely-dialect.ts';
import { openReader, openWriter } from './sqlite/open-connection.ts';
import { acquireProcessLock, type ProcessLock } from './sqlite/process-lock.ts';
import { Writer } from './sqlite/writer.ts';
import type { Store } from './store.ts';

export interface StoreOptions {
  /** `sqlite:PATH`. */
  readonly url: string;
  /**
   * True (the default) for the server: refuses a second process on the same file, and ends what a killed one left
   * (leases, running runs). False for a tool beside a running server, which does neither.
   */
  readonly exclusive?: boolean;
  /** What differs from the defaults: 100,000 groups, 250 groups in a group, 10,000 memberships of a user. */
  readonly groupLimits?: Partial<GroupLimits>;
  /** Told of what an operator should know: which migrations ran, what a killed process left. */
  readonly log?: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
}

const GROUP_LIMITS: GroupLimits = { maxGroups: 100_000, maxNestedGroups: 250, maxMembershipsPerUser: 10_000 };

const SCHEME = 'sqlite:';

/**
 * Opens (and creates, and migrates) the database.
 * @throws CodedError STORE_URL_UNKNOWN, STORE_LOCKED, STORE_SCHEMA_NEWER, STORE_SCHEMA_UNKNOWN, STORE_UNREACHABLE,
 *   STORE_READ_ONLY, STORE_FULL, STORE_CORRUPT
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const path = parsePath(options.url);
  const exclusive = options.exclusive ?? true;
  let lock: ProcessLock | undefined;
  let closeConnections = (): void => undefined;
  try {
    lock = exclusive ? acquireProcessLock(path) : undefined;
    const writing = openWriter(path);
    closeConnections = () => writing.close();
    const applied = migrate(writing);
    if (applied.length > 0) options.log?.info({ migrations: applied }, 'database schema brought up to date');
    const reader = openReader(path);
    closeConnections = () => {
      reader.close();
      writing.close();
    };
    const writer = new Writer(writing);
    const session: Session = {
      db: makeQueryBuilder(reader),
      reader,
      numbers: new Numbers(),
      groupLimits: { ...GROUP_LIMITS, ...options.groupLimits },
      write: (work) => writer.write(work),
    };
    if (exclusive) await endWhatWasLeft(session, options);
    const held = lock;
    return composeStore(session, async () => {
      await writer.close();
      reader.close();
      held?.release();
    });
  } catch (error) {
    closeConnections();
    lock?.release();
    throw error;
  }
}

function parsePath(url: string): string {
  const path = url.startsWith(SCHEME) ? url.slice(SCHEME.length) : '';
  if (path === '' || path.startsWith(':'))
    throw new CodedError(
      'STORE_URL_UNKNOWN',
      `Expected a database URL such as sqlite:/var/lib/sallyport/sallyport.db, found ${JSON.stringify(url)}`,
    );
  return path;
}

/** We hold the file's lock, so that whoever held a lease or ran a run is dead. */
async function endWhatWasLeft(session: Session, { log }: StoreOptions): Promise<void> {
  const left = await session.write(({ connection }) => ({
    leases: connection.run('DELETE FROM leases', []),
    runs: connection.run("UPDATE runs SET status = 'interrupted', ended_at = ? WHERE status = 'running'", [
      Date.now(),
    ]),
    instances: connection.run('UPDATE gateway_instances SET connected = 0 WHERE connected = 1', []),
  }));
  if (left.leases > 0 || left.runs > 0)
    log?.warn(left, 'the last process ended without closing the store; its leases and runs were ended');
}
