import type { SourceValues } from '@sallyport/engine';
import type { JsonValue } from '@sallyport/model';

/**
 * Characters by which a DN is told into parts (RFC 4514 §2.4, RFC 2253 §3 for the semicolon and the number sign), and
 * what stands for each of them while an expression is at work: noncharacters, which no text that is exchanged holds
 * (Unicode 23.7). A value can then be joined, cut and changed in case like any other, and means nothing to a DN.
 */
const SPECIAL = ',+"\\<>;=#';
const FIRST_STAND_IN = 0xfdd0;

const SPECIALS = /[,+"\\<>;=#]/g;
const STAND_INS = /[\ufdd0-\ufdef]/g;
const STAND_IN = /[\ufdd0-\ufdef]/;

export function protect(text: string): string {
  return text.replace(SPECIALS, (special) => String.fromCharCode(FIRST_STAND_IN + SPECIAL.indexOf(special)));
}

/** The way back. */
export function unprotect(text: string): string {
  return text.replace(STAND_INS, (standIn) => SPECIAL[standIn.charCodeAt(0) - FIRST_STAND_IN] ?? standIn);
}

/** A value of the user's own must not have one, or it would come out as something else. */
export function hasStandIn(text: string): boolean {
  return STAND_IN.test(text);
}

export interface ProtectedValues {
  /** The object with stand-ins in every text. */
  readonly source: SourceValues;
  /** What an expression has met since: whether protection changed any text, and whether a text had stand-ins before. */
  readonly met: { changed: boolean; standIn: boolean };
}

/** Protects what is asked for, when it is asked for. */
export function protectValues(source: SourceValues): ProtectedValues {
  const met = { changed: false, standIn: false };
  const text = (value: string): string => {
    if (hasStandIn(value)) met.standIn = true;
    const made = protect(value);
    if (made !== value) met.changed = true;
    return made;
  };
  const data = (value: JsonValue): JsonValue => {
    if (typeof value === 'string') return text(value);
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map(data);
    return Object.fromEntries(
      Object.entries(value).map(([key, part]) => [text(key), part === undefined ? null : data(part)]),
    );
  };
  const read = source.data;
  return {
    met,
    source: {
      active: source.active,
      attributeNames: () => source.attributeNames(),
      values: (name) => source.values(name).map(text),
      ...(read === undefined
        ? {}
        : {
            data: (name: string) => {
              const found = read(name);
              return found === undefined ? undefined : data(found);
            },
          }),
    },
  };
}
