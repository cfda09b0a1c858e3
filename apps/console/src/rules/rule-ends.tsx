import { VisuallyHidden } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { useApi } from '../api/api-context.ts';
import { storeQuery } from '../api/rule-queries.ts';
import type { Rule } from '../api/shapes.ts';

/** Source and target of a rule by name. */
export function RuleEnds(props: { readonly rule: Rule }): ReactElement {
  return (
    <span>
      <StoreName storeId={props.rule.sourceStore.id} /> <span aria-hidden="true">→</span>
      <VisuallyHidden> to </VisuallyHidden> <StoreName storeId={props.rule.targetStore.id} />
    </span>
  );
}

function StoreName(props: { readonly storeId: string }): ReactElement {
  const store = useQuery(storeQuery(useApi(), props.storeId));
  return <span title={store.data?.type}>{store.data?.name ?? '…'}</span>;
}
