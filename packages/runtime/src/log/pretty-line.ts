const COLOURS: Readonly<Record<string, number>> = {
  debug: 36,
  info: 32,
  warn: 33,
  error: 31,
  fatal: 35,
  trace: 90,
};
const OWN_FIELDS = new Set(['time', 'level', 'msg', 'err']);

/** One JSON log line as one readable line: time, level, message, then the remaining fields as `key=value`. */
export function prettyLine(json: string, colour: boolean): string {
  const record = parseRecord(json);
  if (record === undefined) return json;
  const level = String(record.level ?? 'info');
  const paint = (code: number, text: string): string => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const time = String(record.time ?? '').slice(11, 23);
  const fields = Object.entries(record)
    .filter(([key]) => !OWN_FIELDS.has(key))
    .map(([key, value]) =>
      paint(90, `${key}=${typeof value === 'string' ? visible(value) : visible(JSON.stringify(value))}`),
    );
  const head = `${paint(90, time)} ${paint(COLOURS[level] ?? 32, level.toUpperCase().padEnd(5))} ${visible(String(record.msg ?? ''))}`;
  const error = record.err;
  const stack = isRecord(error)
    ? `\n  ${String(error.stack ?? error.message)
        .split('\n')
        .map(visible)
        .join('\n  ')}`
    : '';
  return `${[head, ...fields].join(' ')}${stack}\n`;
}

/**
 * Text with its control characters escaped: what a directory or a stranger named must not forge a line of the log or
 * speak to the terminal. JSON escapes those below U+0020 by itself, C1 (U+0080 to U+009F) not.
 */
function visible(text: string): string {
  return text.replaceAll(
    /[\p{Cc}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function parseRecord(json: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return isRecord(value) ? value : undefined;
  } catch {
    // Not a log record: something else wrote to the stream. It is passed on as it came.
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
