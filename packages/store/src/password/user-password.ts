import type { Uuid } from '@sallyport/model';

/** What is kept of a user's password. Nothing of it leaves the server. */
export interface UserPassword {
  /** Says its own method and settings; the store does not look into it. */
  readonly hash: string;
  /** The next thing its owner has to do is to choose another. */
  readonly mustChange: boolean;
  /** Epoch ms. */
  readonly changedAt: number;
  /** Wrong ones in a row since the last right one or the last lock. */
  readonly failures: number;
  /** Epoch ms until which no password is looked at, right or wrong. */
  readonly lockedUntil: number | undefined;
}

export type NewPassword = Pick<UserPassword, 'hash' | 'mustChange'>;

/** After how many wrong passwords in a row, and for how long, nothing is looked at; 0 failures: never. */
export interface LockPolicy {
  readonly maxFailures: number;
  readonly lockMs: number;
}

/** Passwords by user. Undefined: the user has none, or is not there. Nothing here is in the change feed. */
export interface PasswordStore {
  get(environmentId: Uuid, userId: Uuid): Promise<UserPassword | undefined>;
  /** Replaces what was there; failures and lock end. NOT_FOUND without the user. */
  put(environmentId: Uuid, userId: Uuid, password: NewPassword): Promise<UserPassword>;
  remove(environmentId: Uuid, userId: Uuid): Promise<void>;
  setMustChange(environmentId: Uuid, userId: Uuid, mustChange: boolean): Promise<UserPassword | undefined>;
  /** One wrong password more, at `now` (epoch ms); the last one that is allowed locks, and counting begins anew. */
  countFailure(
    environmentId: Uuid,
    userId: Uuid,
    policy: LockPolicy,
    now: number,
  ): Promise<UserPassword | undefined>;
  clearFailures(environmentId: Uuid, userId: Uuid): Promise<UserPassword | undefined>;
  /** The same password under another hash, unless it was changed meanwhile. */
  rehash(environmentId: Uuid, userId: Uuid, before: string, after: string): Promise<void>;
}
