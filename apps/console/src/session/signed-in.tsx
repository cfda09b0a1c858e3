import { ApiError, type ClientCredentials } from '@sallyport/contract';
import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { type ReactElement, useEffect, useMemo } from 'react';
import { type Api, ApiContext } from '../api/api-context.ts';
import { makeClient } from '../api/make-client.ts';
import { makeConsoleRouter } from '../navigation/router.ts';
import { type Connection, isConnectionLoss, makeConnection } from './connection.ts';
import { type Session, SessionContext } from './session-context.ts';

const MAX_RETRIES = 2;
const RECONNECT_POLL_MS = 5000;

/** Everything that belongs to one session: client, cache and router go when it ends. */
export function SignedIn(props: {
  readonly credentials: ClientCredentials;
  readonly signOut: (notice?: string) => void;
}): ReactElement {
  const { credentials, signOut } = props;
  const { api, session, queryClient, router } = useMemo(() => {
    const { environmentId, clientId } = credentials;
    const connection = makeConnection();
    const made: Api = { environmentId, client: makeClient(credentials) };
    const own: Session = { environmentId, clientId, connection, signOut };
    return {
      api: made,
      session: own,
      queryClient: makeQueryClient(signOut, connection),
      router: makeConsoleRouter(environmentId),
    };
  }, [credentials, signOut]);
  // What was read under one session is not there for the next.
  useEffect(() => () => queryClient.clear(), [queryClient]);
  return (
    <SessionContext value={session}>
      <ApiContext value={api}>
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </ApiContext>
    </SessionContext>
  );
}

function makeQueryClient(signOut: (notice?: string) => void, connection: Connection): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      onSuccess: () => connection.report(true),
      onError: (error) => {
        // Any answer, even a refusal, shows that the server is there.
        connection.report(!isConnectionLoss(error));
        // The client has tried a fresh token already: the application was disabled, or its secret changed.
        if (error instanceof ApiError && error.status === 401)
          signOut('The server no longer accepts these credentials. Sign in again.');
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 2000,
        // Pages that ask again by themselves say so; the others do while no answer comes.
        refetchInterval: (query) => (isConnectionLoss(query.state.error) ? RECONNECT_POLL_MS : false),
        // What the server refused it refuses again; a line that broke may be back.
        retry: (failures, error) =>
          failures < MAX_RETRIES &&
          !(error instanceof ApiError && error.status < 500 && error.status !== 429),
      },
    },
  });
}
