import { decideHold } from './decide-hold.ts';

export const ruleHoldDiscard = decideHold({
  decision: 'discard',
  summary: 'Drops the held removals: people, groups and memberships are kept.',
  asks: 'Drop',
  done: 'discarded; everything is kept.',
});
