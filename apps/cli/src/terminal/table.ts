import { displayWidth, pad, truncate } from './display-width.ts';
import type { Colour, Paint } from './paint.ts';
import { printable } from './printable.ts';

export interface Column<T> {
  readonly title: string;
  readonly text: (row: T) => string;
  readonly align?: 'left' | 'right';
  readonly colour?: (row: T) => Colour | undefined;
  /** Kept whole when the terminal is narrow, such as an id to be copied. */
  readonly rigid?: true;
}

export interface TableOptions {
  /** Undefined: as wide as it needs. */
  readonly columns: number | undefined;
  readonly paint: Paint;
}

const GAP = '  ';
const NARROWEST = 6;

/** Rows as aligned lines under a title line; the widest columns give way on a narrow terminal. No line has spaces at its end. */
export function tableLines<T>(
  columns: readonly Column<T>[],
  rows: readonly T[],
  options: TableOptions,
): string[] {
  const cells = rows.map((row) => columns.map((column) => printable(column.text(row))));
  const natural = columns.map((column, at) =>
    cells.reduce(
      (widest, line) => Math.max(widest, displayWidth(line[at] ?? '')),
      displayWidth(column.title),
    ),
  );
  const widths = fit(columns, natural, options.columns);
  const line = (texts: readonly string[], paint: (at: number, text: string) => string): string =>
    texts
      .map((text, at) => {
        const width = widths[at] ?? 0;
        const cut = truncate(text, width);
        const isLast = at === texts.length - 1;
        const filling = ' '.repeat(Math.max(0, width - displayWidth(cut)));
        if (columns[at]?.align === 'right') return filling + paint(at, cut);
        return paint(at, cut) + (isLast ? '' : filling);
      })
      .join(GAP)
      .trimEnd();
  return [
    line(
      columns.map((column) => column.title),
      (_, text) => options.paint('dim', text),
    ),
    ...rows.map((row, index) =>
      line(cells[index] ?? [], (at, text) => {
        const colour = columns[at]?.colour?.(row);
        return colour === undefined || text === '' ? text : options.paint(colour, text);
      }),
    ),
  ];
}

/** Takes what is too much from the widest columns first, one by one. */
function fit<T>(
  columns: readonly Column<T>[],
  natural: readonly number[],
  available: number | undefined,
): readonly number[] {
  const widths = [...natural];
  if (available === undefined) return widths;
  let excess = widths.reduce((sum, width) => sum + width, 0) + GAP.length * (columns.length - 1) - available;
  while (excess > 0) {
    let widest = -1;
    for (const [at, column] of columns.entries()) {
      const width = widths[at] ?? 0;
      if (column.rigid !== true && width > NARROWEST && width > (widths[widest] ?? 0)) widest = at;
    }
    if (widest < 0) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess -= 1;
  }
  return widths;
}

/** Names and values below each other, the values aligned; those without a value are left out. */
export function factLines(
  facts: readonly (readonly [name: string, value: string | undefined, colour?: Colour])[],
  options: TableOptions,
): string[] {
  const shown = facts.filter(([, value]) => value !== undefined && value !== '');
  const width = shown.reduce((widest, [name]) => Math.max(widest, displayWidth(name)), 0);
  return shown.map(([name, value = '', colour]) => {
    const room =
      options.columns === undefined ? undefined : Math.max(20, options.columns - width - GAP.length);
    const text = room === undefined ? printable(value) : truncate(printable(value), room);
    const painted = colour === undefined ? text : options.paint(colour, text);
    return `${options.paint('dim', pad(name, width))}${GAP}${painted}`;
  });
}
