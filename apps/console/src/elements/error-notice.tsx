import { Button, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { errorWords } from '../api/error-words.ts';
import { Notice } from './notice.tsx';

/** An error in words, with everything the server said. */
export function ErrorNotice(props: {
  readonly error: unknown;
  readonly title?: string;
  readonly onRetry?: () => void;
}): ReactElement {
  const words = errorWords(props.error);
  const trace = [words.code, words.id === undefined ? undefined : `id ${words.id}`].filter(
    (part) => part !== undefined,
  );
  return (
    <Notice tone="bad" title={props.title ?? words.title}>
      <Text size="sm">{words.message}</Text>
      {words.details.length === 0 ? null : (
        <ul>
          {words.details.map((detail) => (
            <li key={`${detail.code} ${detail.target ?? ''} ${detail.message}`}>
              <Text size="sm">
                {detail.target === undefined ? null : <code>{detail.target}: </code>}
                {detail.message} <Text span size="xs" c="dimmed">{`(${detail.code})`}</Text>
              </Text>
            </li>
          ))}
        </ul>
      )}
      {trace.length === 0 ? null : (
        <Text size="xs" c="dimmed">
          {trace.join(' · ')}
        </Text>
      )}
      {props.onRetry === undefined ? null : (
        <Button size="compact-sm" variant="default" mt="xs" onClick={props.onRetry}>
          Try again
        </Button>
      )}
    </Notice>
  );
}
