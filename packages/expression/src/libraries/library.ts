import type { Argument } from '../evaluation/argument.ts';
import type { Thunk } from '../evaluation/frame.ts';

/** What kind of value a node gives, as far as it can be known without data. */
export type ValueType = 'text' | 'number' | 'boolean' | 'list' | 'map' | 'null';

/** One function of a library: how many arguments it takes, what it gives, and how it is bound to its arguments. */
export interface LibraryFunction {
  readonly minArguments: number;
  readonly maxArguments: number;
  /** Undefined when it depends on the arguments. The result may be null all the same. */
  readonly resultType: ValueType | undefined;
  /** False when two evaluations may differ. */
  readonly isPure: boolean;
  bind(args: readonly Argument[], position: number): Thunk;
}

export type Library = Readonly<Record<string, LibraryFunction>>;

/** A function without arguments that is not a function of its arguments: `now()`. */
export function impure(resultType: ValueType, bind: (position: number) => Thunk): LibraryFunction {
  return {
    minArguments: 0,
    maxArguments: 0,
    resultType,
    isPure: false,
    bind: (_args, position) => bind(position),
  };
}

export function unary(
  resultType: ValueType,
  bind: (a: Argument, position: number) => Thunk,
): LibraryFunction {
  return {
    ...arity(1, 1, resultType),
    bind: ([a], position) => bind(present(a), position),
  };
}

export function binary(
  resultType: ValueType,
  bind: (a: Argument, b: Argument, position: number) => Thunk,
): LibraryFunction {
  return {
    ...arity(2, 2, resultType),
    bind: ([a, b], position) => bind(present(a), present(b), position),
  };
}

export function ternary(
  resultType: ValueType,
  bind: (a: Argument, b: Argument, c: Argument, position: number) => Thunk,
): LibraryFunction {
  return {
    ...arity(3, 3, resultType),
    bind: ([a, b, c], position) => bind(present(a), present(b), present(c), position),
  };
}

/** A function of four or more, or of a varying number of arguments. */
export function variadic(
  minArguments: number,
  maxArguments: number,
  resultType: ValueType | undefined,
  bind: (args: readonly Argument[], position: number) => Thunk,
): LibraryFunction {
  return { ...arity(minArguments, maxArguments, resultType), bind };
}

function arity(
  minArguments: number,
  maxArguments: number,
  resultType: ValueType | undefined,
): Omit<LibraryFunction, 'bind'> {
  return { minArguments, maxArguments, resultType, isPure: true };
}

/** The count is checked before binding; an argument that is missing all the same is a defect of this package. */
export function present(argument: Argument | undefined): Argument {
  if (argument === undefined)
    throw new Error('a library function was bound to fewer arguments than it takes');
  return argument;
}
