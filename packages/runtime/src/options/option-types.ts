import type { OptionType } from './option.ts';

export const textOption: OptionType<string> = {
  placeholder: '<text>',
  parse: (text) => {
    if (text === '') throw new TypeError('expected a text, found nothing');
    return text;
  },
};

export const fileOption: OptionType<string> = { ...textOption, placeholder: '<file>' };

export const switchOption: OptionType<boolean> = {
  placeholder: 'true|false',
  bareFlag: 'true',
  parse: (text) => {
    const lower = text.toLowerCase();
    if (lower === 'true' || lower === '1' || lower === 'yes') return true;
    if (lower === 'false' || lower === '0' || lower === 'no') return false;
    throw new TypeError(`expected true or false, found ${JSON.stringify(text)}`);
  },
};

export function integerOption(minimum: number, maximum: number): OptionType<number> {
  return {
    placeholder: '<number>',
    parse: (text) => {
      const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
      if (Number.isSafeInteger(value) && value >= minimum && value <= maximum) return value;
      throw new TypeError(
        `expected a whole number from ${minimum} to ${maximum}, found ${JSON.stringify(text)}`,
      );
    },
  };
}

export function choiceOption<const T extends string>(choices: readonly T[]): OptionType<T> {
  return {
    placeholder: choices.join('|'),
    parse: (text) => {
      const found = choices.find((choice) => choice === text.toLowerCase());
      if (found === undefined)
        throw new TypeError(`expected one of ${choices.join(', ')}, found ${JSON.stringify(text)}`);
      return found;
    },
  };
}

/** An absolute URL with one of the given schemes (without colon). */
export function urlOption(schemes: readonly string[]): OptionType<URL> {
  return {
    placeholder: '<url>',
    parse: (text) => {
      const url = URL.canParse(text) ? new URL(text) : undefined;
      if (url !== undefined && schemes.includes(url.protocol.slice(0, -1))) return url;
      throw new TypeError(
        `expected a URL that starts with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`,
      );
    },
  };
}
