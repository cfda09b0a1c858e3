import { EXIT_CODE } from '../exit-code.ts';
import { CliError } from '../fault/cli-error.ts';
import { connect } from '../session/connect.ts';
import { makePaint } from '../terminal/paint.ts';
import { factLines, tableLines } from '../terminal/table.ts';
import type { World } from '../world.ts';
import type { GlobalFlags } from './command.ts';
import type { Context } from './context.ts';

export function makeContext(world: World, flags: GlobalFlags & { readonly yes?: boolean }): Context {
  const { out, err, keyboard, environment } = world;
  const paint = makePaint(out, environment);
  const layout = { columns: out.columns, paint };
  const profile = flags.profile ?? environment.SALLYPORT_PROFILE ?? 'default';
  const print = (...lines: readonly string[]): void => {
    for (const line of lines) out.write(`${line}\n`);
  };
  const printJson = (value: unknown): void =>
    out.write(`${JSON.stringify(withoutLinks(value), undefined, 2)}\n`);
  return {
    world,
    json: flags.json,
    profile,
    environmentId: flags.environment,
    paint,
    signal: world.signal,
    connect: () => connect(world, profile, flags.environment),
    print,
    printJson,
    printTable: (rows, columns, none) => {
      if (flags.json) printJson(rows);
      else if (rows.length === 0) print(none);
      else print(...tableLines(columns, rows, layout));
    },
    facts: (facts) => factLines(facts, layout),
    table: (columns, rows) => tableLines(columns, rows, layout),
    note: (...lines) => {
      for (const line of lines) err.write(`${line}\n`);
    },
    async confirm(question) {
      if (flags.yes === true) return;
      if (!keyboard.isTerminal)
        throw new CliError({
          message: `${question} Nobody can be asked: the input is not a terminal.`,
          code: 'NOT_CONFIRMED',
          advice: 'Give --yes to do it without a question.',
          exitCode: EXIT_CODE.notConfirmed,
        });
      const answer = await keyboard.readLine(`${question} [y/N] `);
      if (answer !== undefined && /^y(es)?$/i.test(answer.trim())) return;
      throw new CliError({
        message: 'Nothing was changed.',
        code: 'NOT_CONFIRMED',
        exitCode: EXIT_CODE.notConfirmed,
      });
    },
  };
}

function withoutLinks(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutLinks);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== '_links')
      .map(([key, inner]) => [key, withoutLinks(inner)]),
  );
}
