/** The state of a page that its address holds. What is not understood is left out, never refused: addresses are typed and shortened. */
type Search = Readonly<Record<string, unknown>>;

const MAX_TEXT_LENGTH = 4096;

/** The text of one parameter; numbers and truth values come from texts that look like them. */
export function readText(search: Search, name: string): string | undefined {
  const value = search[name];
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return undefined;
  const text = String(value);
  return text === '' || text.length > MAX_TEXT_LENGTH ? undefined : text;
}

/** One of a few words, in any case. */
export function readChoice<const C extends string>(
  search: Search,
  name: string,
  choices: readonly C[],
): C | undefined {
  const text = readText(search, name)?.toLowerCase();
  return choices.find((choice) => choice.toLowerCase() === text);
}
