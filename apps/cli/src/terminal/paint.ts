import type { Screen } from '../world.ts';

export type Colour = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'blue' | 'cyan';
/** Colours a text, or leaves it as it is where colours are not wanted. */
export type Paint = (colour: Colour, text: string) => string;

const CODES: Readonly<Record<Colour, readonly [on: number, off: number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  cyan: [36, 39],
};

/** Colours only on a terminal, and not with NO_COLOR set to anything (no-color.org) or a terminal called dumb. */
export function makePaint(
  screen: Pick<Screen, 'isTerminal'>,
  environment: Readonly<Record<string, string | undefined>>,
): Paint {
  const plain =
    !screen.isTerminal ||
    (environment.NO_COLOR !== undefined && environment.NO_COLOR !== '') ||
    environment.TERM === 'dumb';
  if (plain) return (_, text) => text;
  return (colour, text) => `\u001b[${CODES[colour][0]}m${text}\u001b[${CODES[colour][1]}m`;
}
