import { Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { countOf } from '../format/number.ts';

/** How far a search has come through a list that is read page by page. */
export function SearchNote(props: {
  readonly search: string;
  readonly searching: boolean;
  readonly searched: number;
}): ReactElement | null {
  if (props.search === '') return null;
  return (
    <Text size="sm" c="dimmed" mt="xs" role="status">
      {props.searching ? 'Searching… ' : ''}
      {countOf(props.searched, 'object')} searched
    </Text>
  );
}
