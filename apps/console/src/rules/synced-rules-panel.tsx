import { Table, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import type { SyncedRule } from '../api/shapes.ts';
import { EmptyState } from '../elements/empty-state.tsx';
import { Moment } from '../elements/moment.tsx';
import { Panel } from '../elements/panel.tsx';
import { QueryState } from '../elements/query-state.tsx';
import { TextLink } from '../elements/text-link.tsx';
import { ToneBadge } from '../elements/tone-badge.tsx';
import { statusWords } from '../objects/status-words.ts';

/** What each rule has to say about one user or group. */
export function SyncedRulesPanel(props: {
  readonly what: 'user' | 'group';
  readonly query: Parameters<typeof QueryState>[0]['query'];
  readonly rules: readonly SyncedRule[] | undefined;
  /** What to ask the rule about to have the object explained; undefined: it cannot be asked. */
  readonly identifierFor: (line: SyncedRule) => string | undefined;
}): ReactElement {
  const { what, query, rules } = props;
  return (
    <Panel title={`Rules that sync this ${what}`}>
      {rules === undefined ? (
        <QueryState query={query} what={`the rules of the ${what}`} />
      ) : rules.length === 0 ? (
        <EmptyState title={`No rule has to do with this ${what}`}>
          <p>“Explain one object” on a rule says why it leaves somebody out.</p>
        </EmptyState>
      ) : (
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
            {rules.map((line) => (
              <RuleLine key={line.rule.id} line={line} identifier={props.identifierFor(line)} />
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Panel>
  );
}

function RuleLine(props: {
  readonly line: SyncedRule;
  readonly identifier: string | undefined;
}): ReactElement {
  const { line, identifier } = props;
  const words = statusWords(line.status);
  return (
    <Table.Tr>
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
        {identifier === undefined ? null : (
          <TextLink to="/rules/$ruleId/explain" params={{ ruleId: line.rule.id }} search={{ identifier }}>
            Explain
          </TextLink>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
