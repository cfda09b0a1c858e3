import { pino } from 'pino';
import { prettyLine } from './pretty-line.ts';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
export const LOG_FORMATS = ['pretty', 'json'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

/** Fields first, then the sentence: `log.info({ ruleId }, 'run started')`. `child` adds fields to every line below it. */
export type Log = pino.Logger;

export interface LogSettings {
  readonly level: LogLevel;
  readonly format: LogFormat;
  /** Fields on every line, such as the program's name. */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** Where lines go; standard error by default, so that standard output stays for what was asked for. */
  readonly write?: (line: string) => void;
  readonly colour?: boolean;
}

// A second net: values have types that cannot be printed, and headers that carry credentials are cut here.
const REDACTED = [
  'req.headers.authorization',
  'headers.authorization',
  '*.password',
  '*.bindPassword',
  '*.clientSecret',
];

/** Secrets are safe in it: a value with `toJSON` prints what that answers. */
export function makeLog(settings: LogSettings): Log {
  const write = settings.write ?? ((line: string) => void process.stderr.write(line));
  const colour = settings.colour ?? process.stderr.isTTY;
  return pino(
    {
      level: settings.level,
      base: settings.fields ?? {},
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: REDACTED, censor: '[secret]' },
    },
    { write: settings.format === 'json' ? write : (line: string) => write(prettyLine(line, colour)) },
  );
}

/** A log that says nothing, for tests and for parts that were given none. */
export const silentLog: Log = pino({ level: 'silent' });
