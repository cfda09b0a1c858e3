import { decideGone } from './decide-gone.ts';
import { decidePresent } from './decide-present.ts';
import type { DecideInput, Plan } from './plan.ts';

/** The whole decision table as one pure, total function: every combination of source, link, match and permission has a plan. */
export function decide(input: DecideInput): Plan {
  switch (input.source.kind) {
    case 'refused':
      return {
        outcome: 'failed',
        status: 'FAILED',
        reason: input.source.reason,
        errorCode: input.source.code,
        write: undefined,
        changes: [],
        targetId: input.link?.targetId,
        presence: 'inScope',
        disabledByRule: input.link?.disabledByRule ?? false,
        // The object is there, whatever is wrong with it: nothing of it may be deleted any more.
        deleteAfter: undefined,
        removeLink: false,
      };
    case 'present':
      return decidePresent(input, input.source);
    case 'gone':
      return decideGone(input, input.source);
  }
}
