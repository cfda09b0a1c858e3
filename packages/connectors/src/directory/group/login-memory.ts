import { loginReference } from './reference.ts';

/**
 * The login names by which groups named people when they were read last (`memberUid`), by the person's key: whoever has
 * another login since is in those groups no more, although nothing changed in them. Lives as long as the reader.
 */
export class LoginMemory {
  readonly #logins = new Map<string, string>();

  remember(key: string, login: string): void {
    this.#logins.set(key, login.trim());
  }

  /** The name by which groups knew this person, if it is none of the person's references any more. */
  outdated(key: string, references: readonly string[]): string | undefined {
    const login = this.#logins.get(key);
    return login === undefined || references.includes(loginReference(login)) ? undefined : login;
  }

  /** Whether groups knew this person by this name. */
  knows(key: string, login: string): boolean {
    const known = this.#logins.get(key);
    return known !== undefined && loginReference(known) === loginReference(login);
  }

  /** The name by which groups knew this person, as they wrote it. */
  spelled(key: string): string | undefined {
    return this.#logins.get(key);
  }

  forget(key: string): void {
    this.#logins.delete(key);
  }
}
