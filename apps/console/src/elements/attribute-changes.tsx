import { Table, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import type { AttributeChange } from '../api/shapes.ts';

/** What an attribute was and what it is, side by side. */
export function AttributeChanges(props: { readonly changes: readonly AttributeChange[] }): ReactElement {
  if (props.changes.length === 0)
    return (
      <Text size="sm" c="dimmed">
        No attribute is changed.
      </Text>
    );
  return (
    <Table withRowBorders={false} verticalSpacing={2} layout="fixed">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Attribute</Table.Th>
          <Table.Th>Before</Table.Th>
          <Table.Th>After</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {props.changes.map((change) => (
          <Table.Tr key={change.attribute}>
            <Table.Td>
              <code>{change.attribute}</code>
            </Table.Td>
            <Table.Td>
              <Values values={change.before} masked={change.masked === true} />
            </Table.Td>
            <Table.Td>
              <Values values={change.after} masked={change.masked === true} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** Values one under the other; a secret shows that there is one, and nothing of it. */
export function Values(props: {
  readonly values: readonly string[];
  readonly masked: boolean;
}): ReactElement {
  if (props.values.length === 0)
    return (
      <Text span size="sm" c="dimmed">
        none
      </Text>
    );
  if (props.masked)
    return (
      <Text span size="sm" c="dimmed">
        hidden
      </Text>
    );
  return (
    <>
      {props.values.map((value) => (
        <Text key={value} size="sm" style={{ overflowWrap: 'anywhere' }}>
          {value}
        </Text>
      ))}
    </>
  );
}
