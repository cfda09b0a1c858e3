import { count } from './progress-line.ts';

/** `1 entry`, `1,200 entries`. */
export function plural(number: number, one: string, many = `${one}s`): string {
  return `${count(number)} ${number === 1 ? one : many}`;
}
