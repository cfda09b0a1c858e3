import { Button, Group, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { formatCount } from '../format/number.ts';
import { ErrorNotice } from './error-notice.tsx';

/** The end of a list that may go on: how many are shown of how many, and the next page. */
export function LoadMore(props: {
  readonly shown: number;
  readonly count: number | undefined;
  readonly query: {
    readonly hasNextPage: boolean;
    readonly isFetchingNextPage: boolean;
    readonly isFetchNextPageError: boolean;
    readonly error: unknown;
    readonly fetchNextPage: () => Promise<unknown>;
  };
}): ReactElement | null {
  const { shown, count, query } = props;
  if (query.isFetchNextPageError)
    return <ErrorNotice error={query.error} onRetry={() => void query.fetchNextPage()} />;
  if (shown === 0) return null;
  return (
    <Group mt="sm" justify="space-between">
      <Text size="sm" c="dimmed" role="status">
        {count === undefined || count <= shown
          ? `${formatCount(shown)} shown`
          : `${formatCount(shown)} of ${formatCount(count)} shown`}
      </Text>
      {query.hasNextPage ? (
        <Button
          variant="default"
          size="compact-md"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          Load more
        </Button>
      ) : null}
    </Group>
  );
}
