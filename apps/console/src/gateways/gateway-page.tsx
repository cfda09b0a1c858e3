import { Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useApi } from '../api/api-context.ts';
import { gatewayQuery } from '../api/directory-queries.ts';
import type { Gateway, GatewayInstance } from '../api/shapes.ts';
import { EmptyState } from '../elements/empty-state.tsx';
import { type Fact, Facts } from '../elements/facts.tsx';
import { Moment } from '../elements/moment.tsx';
import { Notice } from '../elements/notice.tsx';
import { PageHead } from '../elements/page-head.tsx';
import { Panel } from '../elements/panel.tsx';
import { QueryState } from '../elements/query-state.tsx';
import { TextLink } from '../elements/text-link.tsx';
import { ToneBadge } from '../elements/tone-badge.tsx';
import { formatRate } from '../format/number.ts';
import { gatewayState, instanceState } from './gateway-state.ts';

const route = getRouteApi('/gateways/$gatewayId');

export function GatewayPage(): ReactElement {
  const { gatewayId } = route.useParams();
  const gateway = useQuery(gatewayQuery(useApi(), gatewayId));
  if (gateway.data === undefined) return <QueryState query={gateway} what="the gateway" />;
  const instances = gateway.data._embedded?.instances ?? [];
  const words = gatewayState(gateway.data, instances);
  return (
    <>
      <PageHead
        above={<TextLink to="/gateways">Gateways</TextLink>}
        title={gateway.data.name}
        badge={<ToneBadge tone={words.tone}>{words.label}</ToneBadge>}
        description={gateway.data.description ?? gateway.data.vendor}
      />
      {gateway.data.currentAlerts.map((alert) => (
        <Notice key={`${alert.type} ${alert.message}`} tone="warn" title={alert.type}>
          <Text size="sm">{alert.message}</Text>
        </Notice>
      ))}
      <Panel title="Instances">
        {instances.length === 0 ? (
          <EmptyState title="No agent has connected">
            <p>Start one near the directory with a credential of this gateway:</p>
            <pre>SALLYPORT_SERVER_URL={location.origin} SALLYPORT_GATEWAY_CREDENTIAL=… sallyport-gateway</pre>
          </EmptyState>
        ) : (
          <InstanceTable instances={instances} />
        )}
      </Panel>
      <Panel title="Directory">
        <Facts facts={directoryFacts(gateway.data)} />
      </Panel>
      <Panel title="Credentials">
        <Credentials gateway={gateway.data} />
      </Panel>
    </>
  );
}

function InstanceTable(props: { readonly instances: readonly GatewayInstance[] }): ReactElement {
  return (
    <Table>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Host</Table.Th>
          <Table.Th>Health</Table.Th>
          <Table.Th>Last report</Table.Th>
          <Table.Th ta="right">Busy</Table.Th>
          <Table.Th ta="right">Operations</Table.Th>
          <Table.Th ta="right">Response time</Table.Th>
          <Table.Th>Version</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {props.instances.map((instance) => {
          const words = instanceState(instance);
          return (
            <Table.Tr key={instance.id}>
              <Table.Td>
                {instance.hostname}
                <Text size="xs" c="dimmed">
                  {instance.id}
                </Text>
              </Table.Td>
              <Table.Td>
                <ToneBadge tone={words.tone}>{words.label}</ToneBadge>
                {instance.currentErrors.map((error) => (
                  <Text key={`${error.code} ${error.message}`} size="xs" maw="24rem">
                    <code>{error.code}</code> {error.message}
                  </Text>
                ))}
              </Table.Td>
              <Table.Td>
                <Moment at={instance.lastReportedAt} />
              </Table.Td>
              <Table.Td ta="right">
                {told(instance.busyPercentage, (value) => `${Math.round(value)} %`)}
              </Table.Td>
              <Table.Td ta="right">{told(instance.operationsPerSecond, formatRate)}</Table.Td>
              <Table.Td ta="right">
                {told(instance.responseTimeMillis, (value) => `${value.toFixed(value < 10 ? 1 : 0)} ms`)}
              </Table.Td>
              <Table.Td>{instance.version.versionNumber}</Table.Td>
            </Table.Tr>
          );
        })}
      </Table.Tbody>
    </Table>
  );
}

function told(value: number | undefined, format: (value: number) => string): string {
  return value === undefined ? '–' : format(value);
}

function directoryFacts(gateway: Gateway): readonly Fact[] {
  return [
    { label: 'Vendor', value: gateway.vendor },
    { label: 'Servers, in fail-over order', value: gateway.serversHostAndPort.join(', ') },
    { label: 'Connection security', value: gateway.connectionSecurity },
    { label: 'TLS certificates', value: gateway.validateTlsCertificates ? 'verified' : 'not verified' },
    { label: 'Bind DN', value: gateway.bindDN },
    { label: 'Follows referrals', value: gateway.followReferrals ? 'yes' : 'no' },
    { label: 'Id', value: <code>{gateway.id}</code> },
  ];
}

function Credentials({ gateway }: { readonly gateway: Gateway }): ReactElement {
  if (gateway.credentials.length === 0)
    return (
      <EmptyState title="There is no credential">
        <p>An agent needs one to connect. Make it through the API; its token is shown that once.</p>
      </EmptyState>
    );
  return (
    <Table>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Id</Table.Th>
          <Table.Th>Made</Table.Th>
          <Table.Th>Last used</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {gateway.credentials.map((credential) => (
          <Table.Tr key={credential.id}>
            <Table.Td>
              <code>{credential.id}</code>
            </Table.Td>
            <Table.Td>
              <Moment at={credential.createdAt} />
            </Table.Td>
            <Table.Td>
              {credential.lastUsedAt === undefined ? 'never' : <Moment at={credential.lastUsedAt} />}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
