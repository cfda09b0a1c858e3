import type { ChangeBody } from '@sallyport/contract';
import type { Column } from '../terminal/table.ts';
import { outcomeColour } from './outcome.ts';

type AttributeChange = ChangeBody['changes'][number];

/** `title: Clerk → Manager; mail: + ada@corp.example`. Masked values are named, never shown. */
export function changesText(changes: readonly AttributeChange[]): string {
  return changes.map(changeText).join('; ');
}

function changeText({ attribute, before, after, masked }: AttributeChange): string {
  if (masked === true) return `${attribute}: (secret)`;
  if (before.length === 0) return `${attribute}: + ${after.join(', ')}`;
  if (after.length === 0) return `${attribute}: − ${before.join(', ')}`;
  return `${attribute}: ${before.join(', ')} → ${after.join(', ')}`;
}

export const CHANGE_COLUMNS: readonly Column<ChangeBody>[] = [
  { title: 'OUTCOME', text: ({ outcome }) => outcome, colour: ({ outcome }) => outcomeColour(outcome) },
  { title: 'WHO', text: ({ label, sourceKey }) => (label === '' ? sourceKey : label) },
  {
    title: 'WHY',
    text: ({ reason, errorCode }) => (errorCode === undefined ? reason : `${reason} (${errorCode})`),
  },
  { title: 'CHANGES', text: ({ changes }) => changesText(changes) },
];
