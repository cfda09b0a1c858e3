import { Button, Group, Table, Text } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactElement, useState } from 'react';
import { useApi } from '../api/api-context.ts';
import { IDLE_POLL_MS } from '../api/rule-queries.ts';
import { removalsQuery, runsQuery } from '../api/run-queries.ts';
import type { HeldRemoval, RuleStatus } from '../api/shapes.ts';
import { ConfirmDialog } from '../elements/confirm-dialog.tsx';
import { ErrorNotice } from '../elements/error-notice.tsx';
import { LoadMore } from '../elements/load-more.tsx';
import { Notice } from '../elements/notice.tsx';
import { Panel } from '../elements/panel.tsx';
import { ToneBadge } from '../elements/tone-badge.tsx';
import { countOf } from '../format/number.ts';

/** The removals that wait for a person, if there are any: one list for each run that was stopped, decided about by itself. */
export function HeldRemovals(props: {
  readonly ruleId: string;
  readonly status: RuleStatus;
}): ReactElement | null {
  const { ruleId, status } = props;
  const runs = useInfiniteQuery(runsQuery(useApi(), ruleId));
  const lists = status.heldRemovals?.runs ?? [];
  if (lists.length === 0) return null;
  const known = runs.data?.pages.flatMap((page) => page._embedded.runs) ?? [];
  return (
    <>
      {lists.map(({ id }) => (
        <HeldList
          key={id}
          ruleId={ruleId}
          runId={id}
          reason={[status.lastRun, ...known].find((run) => run?.id === id)?.error?.message}
        />
      ))}
    </>
  );
}

/** The removals of one run, with the decision about them. Shows nothing once they are decided. */
export function HeldList(props: {
  readonly ruleId: string;
  readonly runId: string;
  readonly reason: string | undefined;
}): ReactElement | null {
  const { ruleId, runId, reason } = props;
  const removals = useInfiniteQuery({
    ...removalsQuery(useApi(), ruleId, runId),
    refetchInterval: (query) => ((query.state.data?.pages.length ?? 0) > 1 ? false : IDLE_POLL_MS),
  });
  if (removals.isLoadingError)
    return <ErrorNotice error={removals.error} onRetry={() => void removals.refetch()} />;
  const items = removals.data?.pages.flatMap((page) => page._embedded.removals) ?? [];
  if (items.length === 0) return null;
  const count = removals.data?.pages[0]?.count ?? items.length;
  return (
    <Panel
      title={`${countOf(count, 'removal')} held`}
      actions={<Decision ruleId={ruleId} runId={runId} count={count} />}
    >
      <Notice tone="warn">
        <Text size="sm">
          {reason ?? 'More objects would have been removed than the guard of the rule allows.'}
        </Text>
        <Text size="sm">
          Nothing of this has happened at the target. Look at the list, then release it or keep what is on it.
        </Text>
      </Notice>
      <RemovalTable removals={items} />
      <LoadMore shown={items.length} count={count} query={removals} />
    </Panel>
  );
}

const HOW_WORDS: Readonly<Record<HeldRemoval['how'], string>> = {
  deleted: 'Deleted at the source',
  outOfScope: 'Left the scope of the rule',
  leftGroup: 'Left the group',
};

const TYPE_WORDS: Readonly<Record<HeldRemoval['objectType'], string>> = {
  user: 'User',
  group: 'Group',
  membership: 'Membership',
};

function RemovalTable(props: { readonly removals: readonly HeldRemoval[] }): ReactElement {
  return (
    <Table mt="sm">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Object</Table.Th>
          <Table.Th>Why it would be removed</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {props.removals.map((removal) => (
          <Table.Tr key={`${removal.objectType} ${removal.sourceKey} ${removal.member?.id ?? ''}`}>
            <Table.Td>
              {removal.label} <ToneBadge tone="calm">{TYPE_WORDS[removal.objectType]}</ToneBadge>
              <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                {removal.place}
              </Text>
            </Table.Td>
            <Table.Td>
              {removal.group === undefined ? HOW_WORDS[removal.how] : `Left the group ${removal.group.name}`}
              <Text size="xs" c="dimmed">
                {removal.detail}
              </Text>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

type Choice = 'release' | 'discard';

/** Both ways ask first, and the button that does it names the number. */
function Decision(props: {
  readonly ruleId: string;
  readonly runId: string;
  readonly count: number;
}): ReactElement {
  const { ruleId, runId, count } = props;
  const { client, environmentId } = useApi();
  const queries = useQueryClient();
  const [asked, setAsked] = useState<Choice>();
  const decide = useMutation({
    mutationFn: (choice: Choice) => client.runs[choice]({ environmentId, ruleId, runId }),
    onSuccess: async () => {
      setAsked(undefined);
      await queries.invalidateQueries({ queryKey: ['rules', ruleId] });
    },
  });
  const removals = countOf(count, 'removal');
  const ask = (choice: Choice): void => {
    decide.reset();
    setAsked(choice);
  };
  return (
    <Group gap="xs">
      <Button variant="default" onClick={() => ask('discard')}>
        Keep them…
      </Button>
      <Button color="red" onClick={() => ask('release')}>
        Release…
      </Button>
      <ConfirmDialog
        opened={asked === 'release'}
        title={`Release ${removals}?`}
        confirmLabel={`Release ${removals}`}
        danger
        pending={decide.isPending}
        error={decide.error}
        onConfirm={() => decide.mutate('release')}
        onClose={() => setAsked(undefined)}
      >
        <Text>
          The rule then does what it was kept from, exactly these {removals}: users and groups are deleted or
          disabled at the target, as the rule's remove action says, and memberships end. This cannot be taken
          back here.
        </Text>
      </ConfirmDialog>
      <ConfirmDialog
        opened={asked === 'discard'}
        title={`Discard ${removals}?`}
        confirmLabel={`Discard ${removals}`}
        pending={decide.isPending}
        error={decide.error}
        onConfirm={() => decide.mutate('discard')}
        onClose={() => setAsked(undefined)}
      >
        <Text>
          The list is dropped: everything on it stays at the target as it is, although gone from the source.
        </Text>
      </ConfirmDialog>
    </Group>
  );
}
