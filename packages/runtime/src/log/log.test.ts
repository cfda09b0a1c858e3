import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { makeLog } from './log.ts';

// The shape every secret type has; this room knows no domain type.
class Unprintable {
  readonly #value: string;
  constructor(value: string) {
    this.#value = value;
  }
  reveal(): string {
    return this.#value;
  }
  toJSON(): string {
    return '[secret]';
  }
  [inspect.custom](): string {
    return '[secret]';
  }
}

function record(format: 'json' | 'pretty'): { lines: string[]; log: ReturnType<typeof makeLog> } {
  const lines: string[] = [];
  const log = makeLog({
    level: 'info',
    format,
    colour: false,
    write: (line) => lines.push(line),
    fields: { program: 'test' },
  });
  return { lines, log };
}

describe('log', () => {
  it('prints no secret, wherever it sits, in either format', () => {
    for (const format of ['json', 'pretty'] as const) {
      const { lines, log } = record(format);
      const secret = new Unprintable('hunter2');
      log.info({ secret, deep: { list: [secret] }, settings: { bindPassword: 'hunter2' } }, 'started');
      log.child({ secret }).info('child');
      expect(lines).toHaveLength(2);
      expect(lines.join('')).not.toContain('hunter2');
      expect(lines.join('')).toContain('[secret]');
    }
  });

  it('puts the fields of a child on each of its lines', () => {
    const { lines, log } = record('json');
    log.child({ ruleId: 'r1' }).warn({ attempt: 2 }, 'again');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'warn',
      program: 'test',
      ruleId: 'r1',
      attempt: 2,
      msg: 'again',
    });
  });

  it('shows people the sentence first and an error with its stack', () => {
    const { lines, log } = record('pretty');
    log.error({ err: new Error('no route'), host: 'dc1' }, 'cannot connect');
    expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d\.\d{3} ERROR cannot connect .*host=dc1\n {2}Error: no route/);
  });

  it('lets nobody forge a line or speak to the terminal', () => {
    const { lines, log } = record('pretty');
    const evil = 'dc1\r\n00:00:00.000 INFO all is well\u001b]0;x\u0007\u001b[2J\u009b31m\u2028';
    log.warn({ err: new Error('cut'), hostname: evil, list: [evil] }, `connected to ${evil}`);
    log.error({ err: Object.assign(new Error(evil), { stack: `Error: ${evil}\n    at x` }) }, 'failed');
    const text = lines.join('');
    expect(text).not.toMatch(/[^\P{C}\n]|[\u2028\u2029]/u);
    expect(text.split('\n').filter((line) => /^\S*00:00:00/.test(line))).toEqual([]);
    expect(text).toContain('hostname=dc1\\u000d\\u000a');
  });
});
