import type { ExitCode } from '../exit-code.ts';
import type { Context } from './context.ts';

export interface FlagDefinition {
  readonly type: 'switch' | 'text' | 'list';
  readonly description: string;
  /** What stands for the value in the help: `NAME`. */
  readonly placeholder?: string;
  readonly choices?: readonly string[];
  readonly short?: string;
}
export type FlagTable = Readonly<Record<string, FlagDefinition>>;

export interface ArgumentDefinition {
  readonly description: string;
  readonly optional?: true;
}
export type ArgumentTable = Readonly<Record<string, ArgumentDefinition>>;

export type FlagValues<F extends FlagTable> = {
  readonly [K in keyof F]: F[K]['type'] extends 'switch'
    ? boolean
    : F[K]['type'] extends 'list'
      ? readonly string[]
      : F[K] extends { readonly choices: readonly (infer C)[] }
        ? C | undefined
        : string | undefined;
};

export type ArgumentValues<A extends ArgumentTable> = {
  readonly [K in keyof A]: A[K] extends { readonly optional: true } ? string | undefined : string;
};

export interface CommandInput<A extends ArgumentTable, F extends FlagTable> {
  readonly args: ArgumentValues<A>;
  readonly flags: FlagValues<F>;
}

/** One command, defined once: parsing, help and the reference are made from it. */
export interface CommandDefinition<A extends ArgumentTable, F extends FlagTable> {
  /** `rule hold list`. */
  readonly words: string;
  /** One sentence. */
  readonly summary: string;
  /** More sentences for its own help. */
  readonly details?: string;
  readonly args: A;
  /** In camel case here, with hyphens on the command line. */
  readonly flags: F;
  /** Asks before it does anything; has `--yes`. */
  readonly asks?: true;
  readonly examples: readonly string[];
  /** A method, so that a definition with narrower inputs is a `Command` too. */
  run(context: Context, input: CommandInput<A, F>): Promise<ExitCode>;
}

export type FlagValue = string | boolean | readonly string[] | undefined;

/** What parsing hands to any command: checked against its definition, which is why `command` may be narrower. */
export interface LooseInput {
  readonly args: Readonly<Record<string, string | undefined>>;
  readonly flags: Readonly<Record<string, FlagValue>>;
}

export interface Command extends Omit<CommandDefinition<ArgumentTable, FlagTable>, 'run'> {
  run(context: Context, input: LooseInput): Promise<ExitCode>;
}

/** Keeps the literal types of arguments and flags for `run`. */
export function command<const A extends ArgumentTable, const F extends FlagTable>(
  definition: CommandDefinition<A, F>,
): CommandDefinition<A, F> {
  return definition;
}

/** Flags that every command has. */
export const GLOBAL_FLAGS = {
  json: { type: 'switch', description: 'Answers JSON for programs instead of tables.' },
  profile: {
    type: 'text',
    placeholder: 'NAME',
    description: 'Which sign-in to use; also `SALLYPORT_PROFILE`. Default: `default`.',
  },
  environment: {
    type: 'text',
    placeholder: 'ID',
    description: 'Another environment than that of the sign-in; also `SALLYPORT_ENVIRONMENT_ID`.',
  },
  help: { type: 'switch', short: 'h', description: 'Shows the help of the command.' },
} as const satisfies FlagTable;

export const YES_FLAG = {
  yes: { type: 'switch', short: 'y', description: 'Does it without asking.' },
} as const satisfies FlagTable;

export type GlobalFlags = FlagValues<typeof GLOBAL_FLAGS>;

/** All flags of a command, its own first. */
export function flagsOf(definition: Pick<Command, 'flags' | 'asks'>): FlagTable {
  return { ...definition.flags, ...(definition.asks === true ? YES_FLAG : {}), ...GLOBAL_FLAGS };
}

/** `objectClass` → `object-class`. */
export function flagText(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
