import { Skeleton, Stack } from '@mantine/core';
import type { ReactElement } from 'react';
import { ErrorNotice } from './error-notice.tsx';

interface Asking {
  readonly error: unknown;
  readonly isPending: boolean;
  readonly refetch: () => Promise<unknown>;
}

/** What stands where data is not yet there: the error, or grey lines. Old data stays on the page when asking again fails. */
export function QueryState(props: { readonly query: Asking; readonly what: string }): ReactElement {
  const { query, what } = props;
  if (query.error !== null) return <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <Stack gap="xs" role="status" aria-label={`Loading ${what}`}>
      <Skeleton height={18} width="60%" />
      <Skeleton height={18} width="85%" />
      <Skeleton height={18} width="40%" />
    </Stack>
  );
}
