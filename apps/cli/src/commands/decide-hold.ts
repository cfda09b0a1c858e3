import type { ApiClient, HeldRemovalBody } from '@sallyport/contract';
import { type Command, command } from '../command/command.ts';
import { EXIT_CODE } from '../exit-code.ts';
import { findHeldRun } from '../lookup/find-run.ts';
import { findRule } from '../lookup/records.ts';
import { plural } from '../terminal/plural.ts';
import { clockText } from '../terminal/time-text.ts';

/** What the two decisions about a held list do not share. */
export interface HoldDecision {
  readonly decision: keyof Pick<ApiClient['runs'], 'release' | 'discard'>;
  readonly summary: string;
  /** The question's verb, as in `Remove the 3 removals …?` */
  readonly asks: string;
  /** Follows the number of removals. */
  readonly done: string;
}

/** Whose removal a line is, to people. */
export function heldName({ label, sourceKey, group }: HeldRemovalBody): string {
  const name = label === '' ? sourceKey : label;
  return group === undefined ? name : `${name} in ${group.name}`;
}

/** A decision about everything that one run holds. */
export function decideHold({ decision, summary, asks, done }: HoldDecision): Command {
  return command({
    words: `rule hold ${decision}`,
    summary,
    args: { rule: { description: 'Id or name of the rule.' } },
    flags: {
      run: {
        type: 'text',
        placeholder: 'ID',
        description: 'Which run; the newest that holds removals otherwise.',
      },
    },
    asks: true,
    examples: [`sallyport rule hold ${decision} "Employees in"`],
    run: async (context, { args, flags }) => {
      const connection = await context.connect();
      const { api, environmentId } = connection;
      const rule = await findRule(connection, args.rule);
      const run = await findHeldRun(connection, rule, flags.run);
      const key = { environmentId, ruleId: rule.id, runId: run.id };
      const page = await api.runs.listRemovals({ ...key, query: { limit: 1 } });
      const held = page.count === undefined ? 'removals' : plural(page.count, 'removal');
      const when = clockText(run.startedAt);
      await context.confirm(`${asks} the ${held} held by the run of ${when} from ${rule.name}?`);
      const result = await api.runs[decision](key);
      const memberships =
        result.memberships === 0 ? '' : `, ${plural(result.memberships, 'membership')} among them,`;
      if (context.json) context.printJson(result);
      else context.print(`${plural(result.removals, 'removal')}${memberships} ${done}`);
      return EXIT_CODE.ok;
    },
  });
}
