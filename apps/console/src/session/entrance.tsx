import type { ClientCredentials } from '@sallyport/contract';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { type ReactElement, useCallback, useState } from 'react';
import { keepCredentials, readCredentials } from './credentials.ts';
import { environmentBase, environmentOfPath } from './environment-path.ts';
import { SignInPage } from './sign-in-page.tsx';
import { SignedIn } from './signed-in.tsx';

/** Sign-in page or the console, whichever the tab has credentials for. The address stays: after sign-in one is where one wanted to go. */
export function Entrance(): ReactElement {
  const [credentials, setCredentials] = useState(() => readCredentials(sessionStorage));
  const [signInClient] = useState(() => new QueryClient());
  const [notice, setNotice] = useState<string>();
  const signOut = useCallback((why?: string) => {
    // The router keeps addresses there for scrolling, and addresses hold what was searched for.
    sessionStorage.clear();
    // Someone who leaves leaves the address too; someone thrown out comes back to it.
    if (why === undefined) history.replaceState(null, '', '/');
    setNotice(why);
    setCredentials(undefined);
  }, []);
  const signIn = (entered: ClientCredentials): void => {
    keepCredentials(sessionStorage, entered);
    setNotice(undefined);
    setCredentials(entered);
  };
  const wanted = environmentOfPath(location.pathname);
  if (credentials !== undefined && (wanted === undefined || wanted === credentials.environmentId)) {
    if (wanted === undefined) history.replaceState(null, '', environmentBase(credentials.environmentId));
    return <SignedIn key={credentials.environmentId} credentials={credentials} signOut={signOut} />;
  }
  const other =
    credentials === undefined
      ? undefined
      : 'This address belongs to another environment. Sign in to it to go on.';
  return (
    <QueryClientProvider client={signInClient}>
      <SignInPage environmentId={wanted ?? ''} notice={notice ?? other} onSignIn={signIn} />
    </QueryClientProvider>
  );
}
