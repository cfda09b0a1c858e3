import type { ApiClient } from '@sallyport/contract';
import { createContext, useContext } from 'react';

/** The client of the session and the environment it may speak to. */
export interface Api {
  readonly client: ApiClient;
  readonly environmentId: string;
}

export const ApiContext = createContext<Api | undefined>(undefined);

export function useApi(): Api {
  const api = useContext(ApiContext);
  if (api === undefined) throw new Error('This page needs a session around it');
  return api;
}
