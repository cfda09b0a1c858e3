import { Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useApi } from '../api/api-context.ts';
import { populationQuery, syncedRulesQuery, userQuery } from '../api/directory-queries.ts';
import type { SyncedRule, User } from '../api/shapes.ts';
import { Values } from '../elements/attribute-changes.tsx';
import { EmptyState } from '../elements/empty-state.tsx';
import { Facts } from '../elements/facts.tsx';
import { ExactTime, Moment } from '../elements/moment.tsx';
import { PageHead } from '../elements/page-head.tsx';
import { Panel } from '../elements/panel.tsx';
import { QueryState } from '../elements/query-state.tsx';
import { TextLink } from '../elements/text-link.tsx';
import { ToneBadge } from '../elements/tone-badge.tsx';
import { statusWords } from '../objects/status-words.ts';
import { displayName, profileLines } from './profile-lines.ts';
import { UserState } from './users-page.tsx';

const route = getRouteApi('/users/$userId');

/** One person: who they are, and what each rule has to say about them. */
export function UserPage(): ReactElement {
  const { userId } = route.useParams();
  const user = useQuery(userQuery(useApi(), userId));
  if (user.data === undefined) return <QueryState query={user} what="the user" />;
  return (
    <>
      <PageHead
        above={<TextLink to="/users">Users</TextLink>}
        title={displayName(user.data)}
        badge={<UserState user={user.data} />}
        description={user.data.username}
      />
      <SyncedRules user={user.data} />
      <Profile user={user.data} />
      <Account user={user.data} />
    </>
  );
}

function SyncedRules({ user }: { readonly user: User }): ReactElement {
  const rules = useQuery(syncedRulesQuery(useApi(), user.id));
  return (
    <Panel title="Rules that sync this user">
      {rules.data === undefined ? (
        <QueryState query={rules} what="the rules of the user" />
      ) : rules.data._embedded.syncedRules.length === 0 ? (
        <EmptyState title="No rule has to do with this user">
          <p>“Explain one object” on a rule says why it leaves a person out.</p>
        </EmptyState>
      ) : (
        <RuleTable user={user} rules={rules.data._embedded.syncedRules} />
      )}
    </Panel>
  );
}

function RuleTable(props: { readonly user: User; readonly rules: readonly SyncedRule[] }): ReactElement {
  return (
    <Table>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Rule</Table.Th>
          <Table.Th>Status</Table.Th>
          <Table.Th>Last sync</Table.Th>
          <Table.Th>Why</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {props.rules.map((line) => {
          const words = statusWords(line.status);
          return (
            <Table.Tr key={line.rule.id}>
              <Table.Td>
                <TextLink to="/rules/$ruleId" params={{ ruleId: line.rule.id }}>
                  {line.rule.name}
                </TextLink>
                <Text size="sm" c="dimmed">
                  {line.type === 'INBOUND' ? 'Inbound' : 'Outbound'} · {line.sourceStore.name} →{' '}
                  {line.targetStore.name}
                </Text>
              </Table.Td>
              <Table.Td>
                <ToneBadge tone={words.tone}>{words.label}</ToneBadge>
              </Table.Td>
              <Table.Td>{line.lastSyncAt === undefined ? 'never' : <Moment at={line.lastSyncAt} />}</Table.Td>
              <Table.Td>
                {line.details === '' ? null : <Text size="sm">{line.details}</Text>}
                <TextLink
                  to="/rules/$ruleId/explain"
                  params={{ ruleId: line.rule.id }}
                  search={{ identifier: line.type === 'OUTBOUND' ? props.user.id : props.user.username }}
                >
                  Explain
                </TextLink>
              </Table.Td>
            </Table.Tr>
          );
        })}
      </Table.Tbody>
    </Table>
  );
}

function Profile({ user }: { readonly user: User }): ReactElement {
  return (
    <Panel title="Profile">
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Attribute</Table.Th>
            <Table.Th>Value</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {profileLines(user).map((line) => (
            <Table.Tr key={line.attribute}>
              <Table.Td>
                <code>{line.attribute}</code>
              </Table.Td>
              <Table.Td>
                <Values values={line.values} masked={false} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Panel>
  );
}

function Account({ user }: { readonly user: User }): ReactElement {
  const population = useQuery(populationQuery(useApi(), user.population.id));
  return (
    <Panel title="Account">
      <Facts
        facts={[
          { label: 'Population', value: population.data?.name ?? user.population.id },
          { label: 'May sign on', value: user.account.canAuthenticate ? 'yes' : 'no' },
          { label: 'Lifecycle', value: user.lifecycle.status },
          { label: 'Created', value: <ExactTime at={user.createdAt} /> },
          { label: 'Changed', value: <ExactTime at={user.updatedAt} /> },
          { label: 'Id', value: <code>{user.id}</code> },
        ]}
      />
    </Panel>
  );
}
