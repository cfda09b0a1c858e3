import { Group, Text, Title } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import { usePageTitle } from '../navigation/use-page-title.ts';

/** The page's title, in the window too, with what may be done at its side. */
export function PageHead(props: {
  readonly title: string;
  readonly above?: ReactNode;
  readonly badge?: ReactNode;
  readonly description?: ReactNode;
  readonly actions?: ReactNode;
}): ReactElement {
  usePageTitle(props.title);
  return (
    <div>
      {props.above === undefined ? null : <Text size="sm">{props.above}</Text>}
      <Group justify="space-between" align="flex-start">
        <div>
          <Group gap="sm">
            <Title order={1} size="h2">
              {props.title}
            </Title>
            {props.badge}
          </Group>
          {props.description === undefined ? null : <Text c="dimmed">{props.description}</Text>}
        </div>
        {props.actions}
      </Group>
    </div>
  );
}
