import { Button, Group, Table, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type FormEvent, type ReactElement, useEffect, useState } from 'react';
import { useApi } from '../api/api-context.ts';
import { explainQuery } from '../api/rule-queries.ts';
import type { Explanation } from '../api/shapes.ts';
import { AttributeChanges, Values } from '../elements/attribute-changes.tsx';
import { EmptyState } from '../elements/empty-state.tsx';
import { type Fact, Facts } from '../elements/facts.tsx';
import { Moment } from '../elements/moment.tsx';
import { Notice } from '../elements/notice.tsx';
import { Panel } from '../elements/panel.tsx';
import { QueryState } from '../elements/query-state.tsx';
import { TextLink } from '../elements/text-link.tsx';
import { ToneBadge } from '../elements/tone-badge.tsx';
import { statusWords } from '../objects/status-words.ts';
import { OUTCOME_WORDS } from '../runs/outcome-words.ts';
import { useUserOfObject } from './use-user-of-object.ts';

const route = getRouteApi('/rules/$ruleId/explain');

/** Why the rule does what it does with one object, step by step. */
export function ExplainPage(): ReactElement {
  const { ruleId } = route.useParams();
  const { identifier = '' } = route.useSearch();
  const navigate = route.useNavigate();
  const [typed, setTyped] = useState(identifier);
  useEffect(() => setTyped(identifier), [identifier]);
  const explanation = useQuery(explainQuery(useApi(), ruleId, identifier));
  const ask = (event: FormEvent): void => {
    event.preventDefault();
    const text = typed.trim();
    if (text === identifier) void explanation.refetch();
    else void navigate({ search: text === '' ? {} : { identifier: text } });
  };
  return (
    <>
      <Panel>
        <form onSubmit={ask}>
          <Group align="flex-end">
            <TextInput
              label="Which object"
              description="Login name, DN or key of the source object"
              flex={1}
              miw="16rem"
              spellCheck={false}
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
            />
            <Button type="submit" loading={explanation.isFetching} disabled={typed.trim() === ''}>
              Explain
            </Button>
          </Group>
        </form>
      </Panel>
      {identifier === '' ? (
        <EmptyState title="Ask about one object">
          <p>
            The source is read now and every step is shown: whether the object is in scope, what it is tied
            to, what each mapping makes of it, and what the next run would do. Nothing is written.
          </p>
        </EmptyState>
      ) : explanation.data === undefined ? (
        <Panel>
          <QueryState query={explanation} what="the explanation" />
        </Panel>
      ) : (
        <Steps ruleId={ruleId} explanation={explanation.data} identifier={identifier} />
      )}
    </>
  );
}

function Steps(props: {
  readonly ruleId: string;
  readonly explanation: Explanation;
  readonly identifier: string;
}): ReactElement {
  const { ruleId, explanation, identifier } = props;
  const userOf = useUserOfObject(ruleId);
  const { scope, link, mapped, action } = explanation;
  if (!explanation.found)
    return (
      <Notice tone="warn" title={`Nothing was found for “${identifier}”`}>
        <Text size="sm">{explanation.reason}</Text>
      </Notice>
    );
  return (
    <>
      {action === undefined ? null : (
        <Panel title="What the next run does" actions={<Outcome outcome={action.outcome} />}>
          <Text mb="sm">{explanation.reason}</Text>
          {action.errorCode === undefined ? null : <code>{action.errorCode}</code>}
          <AttributeChanges changes={action.changes} />
        </Panel>
      )}
      <Panel title="1. The source object">
        <Facts facts={sourceFacts(explanation)} />
      </Panel>
      {scope === undefined ? null : (
        <Panel
          title="2. Scope"
          actions={
            <ToneBadge tone={scope.inScope ? 'good' : 'calm'}>
              {scope.inScope ? 'In scope' : 'Out of scope'}
            </ToneBadge>
          }
        >
          <Text style={{ overflowWrap: 'anywhere' }}>{scope.clause}</Text>
        </Panel>
      )}
      <Panel title="3. The object it is tied to">
        {link === undefined ? (
          <Text c="dimmed">It is not tied to an object of the target yet.</Text>
        ) : (
          <Facts facts={linkFacts(link, userOf({ ...explanation, ...link }))} />
        )}
      </Panel>
      {mapped === undefined ? null : (
        <Panel title="4. What the mappings make of it">
          <MappedTable mapped={mapped} />
        </Panel>
      )}
    </>
  );
}

function Outcome(props: { readonly outcome: NonNullable<Explanation['action']>['outcome'] }): ReactElement {
  const words = OUTCOME_WORDS[props.outcome];
  return <ToneBadge tone={words.tone}>{words.planned}</ToneBadge>;
}

function sourceFacts({ place, sourceKey, active }: Explanation): readonly Fact[] {
  return [
    ...(place === undefined ? [] : [{ label: 'Place', value: place }]),
    ...(sourceKey === undefined ? [] : [{ label: 'Key', value: <code>{sourceKey}</code> }]),
    ...(active === undefined ? [] : [{ label: 'Active at the source', value: active ? 'yes' : 'no' }]),
  ];
}

function linkFacts(link: NonNullable<Explanation['link']>, userId: string | undefined): readonly Fact[] {
  const words = statusWords(link.status);
  return [
    { label: 'Status', value: <ToneBadge tone={words.tone}>{words.label}</ToneBadge> },
    { label: 'Last outcome', value: OUTCOME_WORDS[link.outcome].label },
    { label: 'Why', value: link.reason },
    { label: 'Last sync', value: <Moment at={link.lastSyncAt} /> },
    ...(link.targetId === undefined
      ? []
      : [
          {
            label: 'Target object',
            value:
              userId === link.targetId ? (
                <TextLink to="/users/$userId" params={{ userId }}>
                  {userId}
                </TextLink>
              ) : (
                <code>{link.targetId}</code>
              ),
          },
        ]),
  ];
}

function MappedTable(props: { readonly mapped: NonNullable<Explanation['mapped']> }): ReactElement {
  return (
    <Table>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Target attribute</Table.Th>
          <Table.Th>Made by</Table.Th>
          <Table.Th>Value</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {props.mapped.map((line) => (
          <Table.Tr key={`${line.targetAttribute} ${line.mapping}`}>
            <Table.Td>
              <code>{line.targetAttribute}</code>
            </Table.Td>
            <Table.Td>
              <code>{line.mapping}</code>
            </Table.Td>
            <Table.Td>
              {line.error === undefined ? (
                <Values values={line.values} masked={line.masked} />
              ) : (
                <Text size="sm">
                  <ToneBadge tone="bad">{line.error.code}</ToneBadge> {line.error.message}
                </Text>
              )}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
