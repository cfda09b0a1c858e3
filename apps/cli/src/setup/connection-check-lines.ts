import type { ApiClient } from '@sallyport/contract';
import type { Context } from '../command/context.ts';

type ConnectionCheck = Awaited<ReturnType<ApiClient['stores']['checkConnection']>>;

/** What a connection check found, line by line. */
export function connectionCheckLines(
  check: ConnectionCheck,
  context: Pick<Context, 'facts' | 'table'>,
): readonly string[] {
  return [
    ...context.facts([
      ['Server', check.server],
      ['Changes by', check.strategy],
      ['because', check.strategyReason],
    ]),
    '',
    ...context.table(
      [
        { title: 'CHECK', text: ({ name }) => name },
        {
          title: 'RESULT',
          text: ({ status }) => status,
          colour: ({ status }) => (status === 'OK' ? 'green' : 'yellow'),
        },
        { title: 'MESSAGE', text: ({ message }) => message },
      ],
      check.checks,
    ),
  ];
}
