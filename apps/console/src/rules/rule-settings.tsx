import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { useApi } from '../api/api-context.ts';
import { storeQuery } from '../api/rule-queries.ts';
import type { Rule } from '../api/shapes.ts';
import { type Fact, Facts } from '../elements/facts.tsx';
import { Panel } from '../elements/panel.tsx';
import { QueryState } from '../elements/query-state.tsx';

/** What the rule and its two ends are set to, under the names that API and files use. */
export function RuleSettings(props: { readonly rule: Rule }): ReactElement {
  const { rule } = props;
  return (
    <>
      <Panel title="Settings of the rule">
        <Settings configuration={rule.configuration} />
      </Panel>
      <StoreSettings end="Source" storeId={rule.sourceStore.id} />
      <StoreSettings end="Target" storeId={rule.targetStore.id} />
    </>
  );
}

function StoreSettings(props: { readonly end: 'Source' | 'Target'; readonly storeId: string }): ReactElement {
  const store = useQuery(storeQuery(useApi(), props.storeId));
  if (store.data === undefined)
    return (
      <Panel title={props.end}>
        <QueryState query={store} what="the connection" />
      </Panel>
    );
  return (
    <Panel
      title={`${props.end}: ${store.data.name}`}
      actions={
        <Text size="sm" c="dimmed">
          {store.data.type}
        </Text>
      }
    >
      <Settings configuration={store.data.configuration} />
    </Panel>
  );
}

function Settings(props: { readonly configuration: Rule['configuration'] }): ReactElement {
  const facts: readonly Fact[] = Object.entries(props.configuration).map(([name, value]) => ({
    label: name,
    value: <code>{Array.isArray(value) ? value.join(', ') : String(value)}</code>,
  }));
  if (facts.length === 0) return <Text c="dimmed">Everything is as it is by default.</Text>;
  return <Facts facts={facts} />;
}
