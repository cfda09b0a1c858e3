import type { RunBody } from '@sallyport/contract';
import type { Context } from '../command/context.ts';
import { count } from '../terminal/progress-line.ts';
import { durationText } from '../terminal/time-text.ts';
import { outcomeColour } from './outcome.ts';

/** In the order in which they matter to a person. */
const ORDER = [
  'created',
  'linked',
  'updated',
  'enabled',
  'disabled',
  'deleted',
  'unchanged',
  'skipped',
  'held',
  'conflict',
  'failed',
] as const satisfies readonly (keyof RunBody['counts'])[];

/** `completed in 1.2 s: 1,000 read, 820/s`, then how many objects had which outcome. */
export function runSummary(run: RunBody, context: Pick<Context, 'table'>): readonly string[] {
  const tookMs = run.endedAt === undefined ? undefined : Date.parse(run.endedAt) - Date.parse(run.startedAt);
  const took = tookMs === undefined ? '' : ` in ${durationText(tookMs)}`;
  const rate =
    tookMs === undefined || tookMs < 1 ? '' : `, ${count(Math.round((run.read / tookMs) * 1000))}/s`;
  const outcomes = ORDER.map((outcome) => ({ outcome, number: run.counts[outcome] ?? 0 })).filter(
    ({ number }) => number > 0,
  );
  return [
    `${run.type === 'preview' ? 'Preview' : `${capital(run.type)} run`} ${run.status}${took}: ${count(run.read)} read${rate}.`,
    ...(run.error === undefined ? [] : [`${run.error.message} (${run.error.code})`]),
    ...(outcomes.length === 0
      ? ['Nothing was to be done.']
      : [
          '',
          ...context.table(
            [
              {
                title: run.type === 'preview' ? 'WOULD BE' : 'OUTCOME',
                text: ({ outcome }) => outcome,
                colour: ({ outcome }) => outcomeColour(outcome),
              },
              { title: 'OBJECTS', text: ({ number }) => count(number), align: 'right' },
            ],
            outcomes,
          ),
        ]),
  ];
}

function capital(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
