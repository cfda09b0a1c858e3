import { Table } from '@mantine/core';
import type { ReactElement } from 'react';
import type { Membership } from '../api/shapes.ts';
import { TextLink } from '../elements/text-link.tsx';

/** Groups that somebody is in, and how. */
export function GroupLinks(props: {
  readonly memberships: readonly Pick<Membership, 'id' | 'name' | 'type'>[];
}): ReactElement {
  return (
    <Table>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Group</Table.Th>
          <Table.Th>How</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {props.memberships.map(({ id, name, type }) => (
          <Table.Tr key={id}>
            <Table.Td>
              <TextLink to="/groups/$groupId" params={{ groupId: id }}>
                {name}
              </TextLink>
            </Table.Td>
            <Table.Td>{type === 'DIRECT' ? 'directly' : 'through another group'}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
