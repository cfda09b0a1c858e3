import { decideHold } from './decide-hold.ts';

export const ruleHoldRelease = decideHold({
  decision: 'release',
  summary: 'Does the held removals, exactly those that were listed.',
  asks: 'Carry out',
  done: 'released.',
});
