import { describe, expect, it } from 'vitest';
import { displayWidth, truncate } from './display-width.ts';
import { makePaint } from './paint.ts';
import { printable } from './printable.ts';
import { progressLine } from './progress-line.ts';
import { type Column, factLines, tableLines } from './table.ts';
import { durationText, relativeText } from './time-text.ts';

const plain = makePaint({ isTerminal: false }, {});

describe('text on a terminal', () => {
  it.each([
    ['Ada', 3],
    ['Zürich', 6],
    ['Zu\u0308rich', 6],
    ['山田太郎', 8],
    ['ｶﾅ', 2],
    ['한국', 4],
    ['👩‍👩‍👧', 2],
    ['🇳🇴 Oslo', 7],
    ['a\u200bb', 2],
  ])('%s takes %i columns', (text, columns) => {
    expect(displayWidth(text)).toBe(columns);
  });

  it('is never cut in the middle of a character, and never wider than it may be', () => {
    for (const text of ['山田太郎', 'Zu\u0308rich', '👩‍👩‍👧👩‍👩‍👧', 'plain text'])
      for (let columns = 0; columns < 12; columns += 1) {
        const cut = truncate(text, columns);
        expect(displayWidth(cut)).toBeLessThanOrEqual(columns);
        expect(text.startsWith(cut.replace(/…$/, ''))).toBe(true);
      }
    expect(truncate('山田太郎', 6)).toBe('山田…');
  });

  it('holds nothing that commands the terminal or turns the text around', () => {
    expect(printable('a\u001b]0;owned\u0007b\r\n\tc\u202ed')).toBe(
      'a\\u001b]0;owned\\u0007b\\u000d⏎ c\\u202ed',
    );
    expect(printable('Zoë O’Brien 山')).toBe('Zoë O’Brien 山');
  });

  it('has colours only on a terminal, and not with NO_COLOR or a dumb one', () => {
    const terminal = { isTerminal: true };
    expect(makePaint(terminal, {})('red', 'x')).toBe('\u001b[31mx\u001b[39m');
    expect(makePaint(terminal, { NO_COLOR: '' })('red', 'x')).not.toBe('x');
    for (const environment of [{ NO_COLOR: '1' }, { TERM: 'dumb' }])
      expect(makePaint(terminal, environment)('red', 'x')).toBe('x');
    expect(plain('red', 'x')).toBe('x');
  });
});

interface Row {
  readonly name: string;
  readonly place: string;
  readonly number: number;
}
const COLUMNS: readonly Column<Row>[] = [
  { title: 'NAME', text: ({ name }) => name, rigid: true },
  { title: 'PLACE', text: ({ place }) => place },
  { title: 'N', text: ({ number }) => String(number), align: 'right', colour: () => 'red' },
];
const ROWS: readonly Row[] = [
  { name: '山田', place: 'OU=東京,OU=People,DC=corp,DC=example', number: 5 },
  { name: 'Ada', place: 'OU=Oslo', number: 1000 },
];

describe('a table', () => {
  it('is aligned by what is seen', () => {
    expect(tableLines(COLUMNS, ROWS, { columns: undefined, paint: plain })).toEqual([
      'NAME  PLACE                                    N',
      '山田  OU=東京,OU=People,DC=corp,DC=example     5',
      'Ada   OU=Oslo                               1000',
    ]);
  });

  it('fits the terminal: the widest column gives way, what is to be copied stays whole', () => {
    for (const columns of [44, 30, 20]) {
      const lines = tableLines(COLUMNS, ROWS, { columns, paint: plain });
      for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
      expect(lines[1]).toMatch(/^山田 {2}OU=.*… +5$/);
    }
  });

  it('is as wide with colours as without', () => {
    const paint = makePaint({ isTerminal: true }, {});
    const coloured = tableLines(COLUMNS, ROWS, { columns: 30, paint });
    expect(coloured[2]).toContain('\u001b[31m1000\u001b[39m');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken away
    const stripped = coloured.map((line) => line.replaceAll(/\u001b\[\d+m/g, ''));
    expect(stripped.map((line) => line.trimEnd())).toEqual(
      tableLines(COLUMNS, ROWS, { columns: 30, paint: plain }),
    );
  });

  it('of facts leaves out what has no value', () => {
    const facts = [
      ['Rule', 'Employees in'],
      ['Description', undefined],
      ['Id', 'x'],
    ] as const;
    expect(factLines(facts, { columns: undefined, paint: plain })).toEqual(['Rule  Employees in', 'Id    x']);
  });
});

describe('progress', () => {
  it('shows share, rate and what is left, and never more columns than there are', () => {
    const progress = { label: 'full run', done: 430, total: 1000, ratePerSecond: 2150, remainingMs: 265 };
    expect(progressLine(progress, 90, plain)).toBe(
      'full run  ████████████················   43 %  430 of 1,000  2,150/s  265 ms left',
    );
    for (let columns = 20; columns < 100; columns += 1)
      expect(displayWidth(progressLine(progress, columns, plain))).toBeLessThan(columns);
    expect(progressLine({ label: 'full run', done: 12 }, 90, plain)).toBe('full run  12 read');
  });

  it('says times as people do', () => {
    expect([0, 420, 3_400, 42_000, 125_000, 3_600_000, 4_320_000, 270_000_000].map(durationText)).toEqual([
      '0 ms',
      '420 ms',
      '3.4 s',
      '42 s',
      '2 min 5 s',
      '1 h',
      '1 h 12 min',
      '3 d 3 h',
    ]);
    const now = Date.parse('2026-01-02T10:00:00Z');
    expect(relativeText('2026-01-02T09:59:48Z', now)).toBe('12 s ago');
    expect(relativeText('2026-01-02T10:00:25Z', now)).toBe('in 25 s');
    expect(relativeText(undefined, now)).toBe('–');
  });
});
