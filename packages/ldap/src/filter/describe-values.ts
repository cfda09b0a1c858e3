import { readUtf8 } from '../values/utf8.ts';

const SHOWN_VALUES = 3;
const SHOWN_CHARACTERS = 60;

/** Attributes whose values are never shown, by name without options, lower case. */
const SECRET: ReadonlySet<string> = new Set([
  'authpassword',
  'dbcspwd',
  'lmpwdhistory',
  'ntpwdhistory',
  'sambalmpassword',
  'sambantpassword',
  'unicodepwd',
  'userpassword',
]);

/** What an entry holds under an attribute, for an explanation: shortened, bytes only counted, secrets never shown. */
export function describeValues(attribute: string | undefined, values: readonly Buffer[] | undefined): string {
  const name = attribute ?? 'the entry';
  if (values === undefined) return `${name} cannot be looked at here`;
  if (values.length === 0) return `${name} has no value`;
  if (SECRET.has(name.toLowerCase().split(';')[0] ?? '')) return `${name} has a value that is not shown`;
  const shown = values.slice(0, SHOWN_VALUES).map(describeValue).join(', ');
  const more = values.length > SHOWN_VALUES ? ` and ${values.length - SHOWN_VALUES} more` : '';
  return `${name} is ${shown}${more}`;
}

function describeValue(value: Buffer): string {
  const text = value.length > 4 * SHOWN_CHARACTERS ? undefined : readUtf8(value);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: text with control characters is most likely bytes
  if (text === undefined || /[\u0000-\u0008]/.test(text)) return `(${value.length} bytes)`;
  return JSON.stringify(text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text);
}
