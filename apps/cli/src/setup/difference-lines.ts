import type { Paint } from '../terminal/paint.ts';
import { printable } from '../terminal/printable.ts';
import type { SetupStep } from './difference.ts';

const MARKS = { create: '+', update: '~', delete: '-' } as const;
const COLOURS = { create: 'green', update: 'yellow', delete: 'red' } as const;

/** What would be done, as people read a difference: `+` made, `~` changed, `-` deleted. */
export function differenceLines(steps: readonly SetupStep[], paint: Paint): readonly string[] {
  return steps.flatMap((step) => {
    const title =
      step.kind === 'mapping' ? `mapping of ${step.rule}: ${step.name}` : `${step.kind} ${step.name}`;
    return [
      paint(COLOURS[step.action], `${MARKS[step.action]} ${printable(title)}`),
      ...step.fields
        .filter(({ field }) => step.action === 'update' || field !== 'bindPassword')
        .map(({ field, before, after }) => `    ${printable(fieldText(field, before, after, step.action))}`),
    ];
  });
}

function fieldText(
  field: string,
  before: string | undefined,
  after: string | undefined,
  action: SetupStep['action'],
): string {
  if (action === 'create') return `${field}: ${after ?? ''}`;
  return `${field}: ${before ?? '(none)'} → ${after ?? '(none)'}`;
}
