import { createContext, useContext } from 'react';
import type { Connection } from './connection.ts';

/** What pages may know and do about the session. */
export interface Session {
  readonly environmentId: string;
  readonly clientId: string;
  readonly connection: Connection;
  /** `notice` is shown on the sign-in page. */
  signOut(notice?: string): void;
}

export const SessionContext = createContext<Session | undefined>(undefined);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === undefined) throw new Error('This page needs a session around it');
  return session;
}
