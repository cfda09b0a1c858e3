import { Table, Text } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { useApi } from '../api/api-context.ts';
import { gatewayQuery, gatewaysQuery } from '../api/directory-queries.ts';
import type { Gateway } from '../api/shapes.ts';
import { EmptyState } from '../elements/empty-state.tsx';
import { LoadMore } from '../elements/load-more.tsx';
import { PageHead } from '../elements/page-head.tsx';
import { Panel } from '../elements/panel.tsx';
import { QueryState } from '../elements/query-state.tsx';
import { TextLink } from '../elements/text-link.tsx';
import { ToneBadge } from '../elements/tone-badge.tsx';
import { gatewayState } from './gateway-state.ts';

export function GatewaysPage(): ReactElement {
  const gateways = useInfiniteQuery(gatewaysQuery(useApi()));
  const items = gateways.data?.pages.flatMap((page) => page._embedded.gateways);
  return (
    <>
      <PageHead
        title="Gateways"
        description="Agents beside the directories. They dial out to this server, so that no port is opened."
      />
      <Panel>
        {items === undefined ? (
          <QueryState query={gateways} what="gateways" />
        ) : items.length === 0 ? (
          <EmptyState title="There is no gateway yet">
            <p>
              Describe the directory in a file, apply it with <code>sallyport apply</code>, and start an agent
              near the directory with the credential it prints:
            </p>
            <pre>SALLYPORT_SERVER_URL={location.origin} SALLYPORT_GATEWAY_CREDENTIAL=… sallyport-gateway</pre>
          </EmptyState>
        ) : (
          <GatewayTable gateways={items} />
        )}
        <LoadMore shown={items?.length ?? 0} count={gateways.data?.pages[0]?.count} query={gateways} />
      </Panel>
    </>
  );
}

function GatewayTable(props: { readonly gateways: readonly Gateway[] }): ReactElement {
  return (
    <Table highlightOnHover verticalSpacing="sm">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Gateway</Table.Th>
          <Table.Th>State</Table.Th>
          <Table.Th>Instances</Table.Th>
          <Table.Th>Servers</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {props.gateways.map((gateway) => (
          <GatewayRow key={gateway.id} gateway={gateway} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function GatewayRow({ gateway }: { readonly gateway: Gateway }): ReactElement {
  const detail = useQuery(gatewayQuery(useApi(), gateway.id));
  const instances = detail.data?._embedded?.instances;
  const connected = instances?.filter((instance) => instance.connected).length;
  const words = instances === undefined ? undefined : gatewayState(gateway, instances);
  return (
    <Table.Tr>
      <Table.Td>
        <TextLink to="/gateways/$gatewayId" params={{ gatewayId: gateway.id }}>
          {gateway.name}
        </TextLink>
        <Text size="sm" c="dimmed">
          {gateway.vendor}
        </Text>
      </Table.Td>
      <Table.Td>
        {words === undefined ? '…' : <ToneBadge tone={words.tone}>{words.label}</ToneBadge>}
      </Table.Td>
      <Table.Td>{connected === undefined ? '…' : `${connected} connected`}</Table.Td>
      <Table.Td>{gateway.serversHostAndPort.join(', ')}</Table.Td>
    </Table.Tr>
  );
}
