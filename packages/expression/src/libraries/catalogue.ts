import { FUNCTION_HABITS } from '../syntax/habits.ts';
import { coreLibrary } from './core.ts';
import { cryptoLibrary } from './crypto.ts';
import { dataLibrary } from './data.ts';
import { datetimeLibrary } from './datetime.ts';
import type { Library, LibraryFunction } from './library.ts';
import { regexLibrary } from './regex.ts';
import { stringLibrary } from './string.ts';

const LIBRARIES: ReadonlyMap<string, Library> = new Map([
  ['string', stringLibrary],
  ['datetime', datetimeLibrary],
  ['data', dataLibrary],
  ['regex', regexLibrary],
  ['crypto', cryptoLibrary],
  ['core', coreLibrary],
]);

export function readFunction(library: string, name: string): LibraryFunction | undefined {
  const functions = LIBRARIES.get(library);
  return functions !== undefined && Object.hasOwn(functions, name) ? functions[name] : undefined;
}

/** All functions as `library.name`, in the order of the documentation. */
export function functionNames(): readonly string[] {
  return [...LIBRARIES].flatMap(([library, functions]) =>
    Object.keys(functions).map((name) => `${library}.${name}`),
  );
}

/** The function probably meant: a habit, the same letters in another case, the same name in another library. */
export function similarFunction(library: string, name: string): string | undefined {
  const habit = FUNCTION_HABITS.get(name);
  if (habit !== undefined && readFunction(library, habit) !== undefined) return `#${library}.${habit}`;
  const lowerCased = name.toLowerCase();
  const names = functionNames();
  const own = names.find((candidate) => candidate.toLowerCase() === `${library}.${lowerCased}`.toLowerCase());
  const other = own ?? names.find((candidate) => candidate.toLowerCase().endsWith(`.${lowerCased}`));
  const guess = other ?? names.find((candidate) => habit !== undefined && candidate.endsWith(`.${habit}`));
  return guess === undefined ? undefined : `#${guess}`;
}
