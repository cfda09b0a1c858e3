import { Progress, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import type { Run } from '../api/shapes.ts';
import { useNow } from '../elements/moment.tsx';
import { runProgress } from './run-progress.ts';

export function ProgressBar(props: { readonly run: Run }): ReactElement {
  const { percent, text } = runProgress(props.run, useNow());
  return (
    <div>
      <Progress.Root size="lg">
        <Progress.Section
          value={percent ?? 100}
          striped={percent === undefined}
          animated={percent === undefined}
          // Without a value the bar tells assistive technology that it goes on for an unknown time.
          {...(percent === undefined ? { withAria: false } : {})}
          aria-label="Progress of the run"
        />
      </Progress.Root>
      <Text size="sm" mt={6} className="numbers">
        {percent === undefined ? text : `${percent} % · ${text}`}
      </Text>
    </div>
  );
}
