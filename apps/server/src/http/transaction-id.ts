const HEADERS = ['X-Ping-External-Transaction-ID', 'X-Ping-External-Session-ID'] as const;
const MAX_CHARACTERS = 100;

/**
 * The ids by which callers follow a request through several systems: what they sent, cleaned, or new ones. They go into
 * the log and back to the caller.
 */
export function externalIds(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): Readonly<Record<(typeof HEADERS)[number], string>> {
  const read = (name: (typeof HEADERS)[number]): string => {
    const sent = headers[name.toLowerCase()];
    const text = typeof sent === 'string' ? clean(sent) : '';
    return text === '' ? crypto.randomUUID() : text;
  };
  return { [HEADERS[0]]: read(HEADERS[0]), [HEADERS[1]]: read(HEADERS[1]) };
}

/** Letters, marks, digits and `. _ - / @ = # +` stay, everything else becomes `_`: nothing that could forge a log line. */
function clean(text: string): string {
  return text.slice(0, MAX_CHARACTERS).replaceAll(/[^\p{L}\p{M}\p{N}._\-/@=#+]/gu, '_');
}
