import { Button, Group, Text, Tooltip } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useApi } from '../api/api-context.ts';
import type { RuleStatus, RunType } from '../api/shapes.ts';
import { ErrorNotice } from '../elements/error-notice.tsx';
import { mayRun, RUN_CHOICES } from './rule-actions.ts';

/** Starts runs. What cannot be started says why. */
export function RunButtons(props: {
  readonly ruleId: string;
  readonly status: RuleStatus | undefined;
}): ReactElement {
  const { ruleId, status } = props;
  const { client, environmentId } = useApi();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const start = useMutation({
    mutationFn: (type: RunType) => client.runs.start({ environmentId, ruleId, body: { type } }),
    onSuccess: async (run, type) => {
      await queries.invalidateQueries({ queryKey: ['rules', ruleId] });
      // A preview is in no list of runs: its page is the only way to it.
      if (type === 'preview')
        await navigate({ to: '/rules/$ruleId/runs/$runId', params: { ruleId, runId: run.id } });
    },
  });
  const reasons = new Set(
    RUN_CHOICES.flatMap(({ type }) => {
      const permission = mayRun(status, type);
      return permission.allowed || status === undefined ? [] : [permission.why];
    }),
  );
  return (
    <div>
      <Group gap="xs" justify="flex-end">
        {RUN_CHOICES.map(({ type, label, explanation }) => (
          <Tooltip key={type} label={explanation} openDelay={300}>
            <Button
              variant={type === 'delta' ? 'filled' : 'default'}
              disabled={!mayRun(status, type).allowed || start.isPending}
              loading={start.isPending && start.variables === type}
              onClick={() => start.mutate(type)}
            >
              {label}
            </Button>
          </Tooltip>
        ))}
      </Group>
      {[...reasons].map((why) => (
        <Text key={why} size="xs" c="dimmed" ta="right" mt={4} maw="26rem">
          {why}
        </Text>
      ))}
      {start.isError ? <ErrorNotice error={start.error} title="The run was not started" /> : null}
    </div>
  );
}
