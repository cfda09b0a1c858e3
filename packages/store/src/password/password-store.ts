import type { Uuid } from '@sallyport/model';
import { notFound } from '../list/not-found.ts';
import type { Session } from '../session.ts';
import { deletePassword, markPassword, readPassword, replaceHash, writePassword } from './password-row.ts';
import type { PasswordStore, UserPassword } from './user-password.ts';

export function makePasswordStore(session: Session): PasswordStore {
  /** Reads, changes and writes in one transaction: two failures at once count as two. */
  const mark = (
    environmentId: Uuid,
    userId: Uuid,
    change: (before: UserPassword) => Partial<Pick<UserPassword, 'mustChange' | 'failures' | 'lockedUntil'>>,
  ): Promise<UserPassword | undefined> =>
    session.write(({ connection }) => {
      const environmentNo = session.numbers.environment(connection, environmentId);
      const before = readPassword(connection, environmentNo, userId);
      if (before === undefined) return undefined;
      const after = { ...before, ...change(before) };
      markPassword(connection, environmentNo, userId, after);
      return after;
    });

  return {
    get: async (environmentId, userId) => {
      const environmentNo = session.numbers.readEnvironment(session.reader, environmentId);
      return environmentNo === undefined ? undefined : readPassword(session.reader, environmentNo, userId);
    },
    put: (environmentId, userId, password) =>
      session.write(({ connection }) => {
        const environmentNo = session.numbers.environment(connection, environmentId);
        if (!writePassword(connection, environmentNo, userId, password, Date.now()))
          throw notFound('user', userId);
        const written = readPassword(connection, environmentNo, userId);
        if (written === undefined) throw notFound('user', userId);
        return written;
      }),
    remove: (environmentId, userId) =>
      session.write(({ connection }) =>
        deletePassword(connection, session.numbers.environment(connection, environmentId), userId),
      ),
    setMustChange: (environmentId, userId, mustChange) => mark(environmentId, userId, () => ({ mustChange })),
    countFailure: (environmentId, userId, { maxFailures, lockMs }, now) =>
      mark(environmentId, userId, ({ failures }) => {
        const counted = failures + 1;
        return maxFailures > 0 && counted >= maxFailures
          ? { failures: 0, lockedUntil: now + lockMs }
          : { failures: counted, lockedUntil: undefined };
      }),
    clearFailures: (environmentId, userId) =>
      mark(environmentId, userId, () => ({ failures: 0, lockedUntil: undefined })),
    rehash: (environmentId, userId, before, after) =>
      session.write(({ connection }) =>
        replaceHash(
          connection,
          session.numbers.environment(connection, environmentId),
          userId,
          before,
          after,
        ),
      ),
  };
}
