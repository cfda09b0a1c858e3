import type { PasswordGateway } from '@sallyport/connectors';
import type { PasswordStateBody } from '@sallyport/contract';
import { CodedError, Secret, type User, type Uuid } from '@sallyport/model';
import type { Clock } from '@sallyport/runtime';
import type { NewPassword, Store, UserPassword } from '@sallyport/store';
import { notFound } from '../http/refuse.ts';
import type { DirectorySignOn, SignOn } from './directory-sign-on.ts';
import { type PasswordHashes, readEncoded } from './password-hash.ts';
import { assertPolicy, type PasswordPolicy } from './password-policy.ts';

/** What is said of a password. */
export interface PasswordState {
  readonly user: User;
  readonly status: PasswordStateBody['status'];
  readonly lastChangedAt: number | undefined;
  readonly secondsUntilUnlock: number | undefined;
}

/** A new password as a client sends it. */
export interface PasswordInput {
  readonly value: string;
  readonly mustChange: boolean;
  readonly bypassPolicy: boolean;
  /** True: what looks like the hash of another system is a password like any other. */
  readonly isClearText?: boolean;
  readonly username: string;
  /** Where the value stands in the body. */
  readonly target: string;
}

export interface Passwords {
  state(user: User): Promise<PasswordState>;
  /** Judges and hashes. @throws CodedError INVALID_DATA, PASSWORD_ENCODING_UNSUPPORTED */
  make(input: PasswordInput): Promise<NewPassword>;
  /**
   * Right: the state. Anything else is thrown: INVALID_DATA for a wrong one, and NO_PASSWORD, ACCOUNT_NOT_USABLE,
   * PASSWORD_LOCKED_OUT, PASSWORD_EXPIRED, MUST_CHANGE_PASSWORD, DIRECTORY_UNAVAILABLE. Nothing thrown holds the password.
   */
  check(user: User, password: string, target: string, signal: AbortSignal): Promise<PasswordState>;
}

export interface PasswordsParts {
  readonly store: Pick<Store, 'passwords' | 'users'>;
  readonly hashes: PasswordHashes;
  readonly signOn: DirectorySignOn;
  readonly policy: PasswordPolicy;
  readonly clock: Clock;
}

export function makePasswords({ store, hashes, signOn, policy, clock }: PasswordsParts): Passwords {
  const inTurn = makeTurns();

  const stateOf = (user: User, password: UserPassword | undefined): PasswordState => {
    const now = clock.now();
    const lockedMs = Math.max(0, (password?.lockedUntil ?? 0) - now);
    const external = user.state.passwordGateway !== undefined;
    return {
      user,
      status: external
        ? 'EXTERNAL'
        : password === undefined
          ? 'NO_PASSWORD'
          : lockedMs > 0
            ? 'PASSWORD_LOCKED_OUT'
            : password.mustChange
              ? 'MUST_CHANGE_PASSWORD'
              : 'OK',
      lastChangedAt: external ? undefined : password?.changedAt,
      secondsUntilUnlock: external || lockedMs === 0 ? undefined : Math.ceil(lockedMs / 1000),
    };
  };

  const checkHere = async (user: User, secret: Secret, target: string): Promise<PasswordState> => {
    const { environmentId, id } = user;
    const password = await store.passwords.get(environmentId, id);
    if (password === undefined) throw refusal('NO_PASSWORD', target, 'The user has no password');
    assertNotLocked(stateOf(user, password), target);
    const { right, outdated } = await hashes.verify(secret, password.hash);
    if (!right) {
      const counted = await store.passwords.countFailure(environmentId, id, policy, clock.now());
      if (counted !== undefined) assertNotLocked(stateOf(user, counted), target);
      throw wrong(target, counted === undefined ? undefined : policy.maxFailures - counted.failures, policy);
    }
    if (outdated) await store.passwords.rehash(environmentId, id, password.hash, await hashes.hash(secret));
    if (password.failures === 0 && password.lockedUntil === undefined) return stateOf(user, password);
    return stateOf(user, await store.passwords.clearFailures(environmentId, id));
  };

  const checkThere = async (
    user: User,
    gateway: PasswordGateway,
    secret: Secret,
    target: string,
    signal: AbortSignal,
  ): Promise<PasswordState> => {
    // RFC 4513 §5.1.2: a bind with a name and no password is anonymous, and succeeds.
    if (secret.reveal() === '') throw wrong(target, undefined, policy);
    const answer = await signOn.check(user.environmentId, gateway, secret, signal);
    if (answer === 'right') return stateOf(user, undefined);
    throw answer === 'wrong' ? wrong(target, undefined, policy) : refusedThere(answer, target);
  };

  return {
    state: async (user) => stateOf(user, await store.passwords.get(user.environmentId, user.id)),
    make: async ({ value, mustChange, bypassPolicy, isClearText = false, username, target }) => {
      const secret = new Secret(value);
      const encoded = isClearText ? undefined : readEncoded(secret, target);
      if (encoded !== undefined) return { hash: encoded, mustChange };
      if (!bypassPolicy) assertPolicy(secret, policy, username, target);
      return { hash: await hashes.hash(secret), mustChange };
    },
    check: (asked, password, target, signal) =>
      inTurn(asked.id, async () => {
        // As they are now that it is their turn.
        const user = await store.users.get(asked.environmentId, asked.id);
        if (user === undefined) throw notFound('user');
        assertUsable(user, target);
        const secret = new Secret(password);
        const { passwordGateway } = user.state;
        return passwordGateway === undefined
          ? checkHere(user, secret, target)
          : checkThere(user, passwordGateway, secret, target, signal);
      }),
  };
}

/**
 * One check of one user at a time: many at once would all be looked at before the first of them has counted. More than a few
 * waiting are refused.
 */
function makeTurns(): <T>(id: Uuid, work: () => Promise<T>) => Promise<T> {
  const last = new Map<Uuid, { readonly ended: Promise<unknown>; waiting: number }>();
  return async (id, work) => {
    const before = last.get(id);
    const waiting = (before?.waiting ?? 0) + 1;
    if (waiting > MAX_WAITING)
      throw new CodedError(
        'REQUEST_LIMITED',
        `More than ${MAX_WAITING} passwords of one user are being checked at once; wait for the answers`,
      );
    const running = (before?.ended ?? Promise.resolve()).then(work);
    const own = { ended: running.catch(() => undefined), waiting };
    last.set(id, own);
    try {
      return await running;
    } finally {
      const now = last.get(id);
      if (now === own) last.delete(id);
      else if (now !== undefined) now.waiting -= 1;
    }
  };
}

const MAX_WAITING = 20;

function assertUsable(user: User, target: string): void {
  if (!user.enabled) throw refusal('ACCOUNT_NOT_USABLE', target, 'The user is disabled');
  if (user.state.lockedAt !== undefined)
    throw refusal('ACCOUNT_NOT_USABLE', target, 'The account is locked; unlock it first');
}

function assertNotLocked({ secondsUntilUnlock }: PasswordState, target: string): void {
  if (secondsUntilUnlock === undefined) return;
  throw refusal(
    'PASSWORD_LOCKED_OUT',
    target,
    `After too many wrong passwords none is looked at for another ${secondsUntilUnlock} seconds`,
    { secondsUntilUnlock },
  );
}

function wrong(target: string, attemptsRemaining: number | undefined, policy: PasswordPolicy): CodedError {
  const counted = attemptsRemaining !== undefined && policy.maxFailures > 0;
  const message = 'The password is not the right one';
  return new CodedError('INVALID_DATA', message, {
    details: [
      { code: 'INVALID_VALUE', target, message, ...(counted ? { innerError: { attemptsRemaining } } : {}) },
    ],
  });
}

function refusedThere(answer: Exclude<SignOn, 'right' | 'wrong'>, target: string): CodedError {
  switch (answer) {
    case 'expired':
      return refusal('PASSWORD_EXPIRED', target, 'The password has expired in its directory');
    case 'mustChange':
      return refusal('MUST_CHANGE_PASSWORD', target, 'The directory wants the password changed first');
    case 'locked':
      return refusal('PASSWORD_LOCKED_OUT', target, 'The account is locked out in its directory');
    case 'notUsable':
      return refusal(
        'ACCOUNT_NOT_USABLE',
        target,
        'The account is disabled, expired or restricted in its directory',
      );
  }
}

function refusal(
  code: string,
  target: string,
  message: string,
  innerError?: Readonly<Record<string, unknown>>,
): CodedError {
  return new CodedError(code, message, {
    details: [{ code, target, message, ...(innerError === undefined ? {} : { innerError }) }],
  });
}
