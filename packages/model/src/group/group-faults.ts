import type { ErrorDetail } from '../error/coded-error.ts';
import { textFault } from '../user/attribute-rule.ts';
import { groupAttribute } from './group-attribute.ts';

/** `customData` as JSON, in UTF-16 units. */
export const MAX_CUSTOM_DATA_LENGTH = 16 * 1024;
const MAX_CUSTOM_DATA_DEPTH = 32;

// As JSON.stringify writes them (ECMA-262 QuoteJSONString); an even number of backslashes before would be text.
const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89ab][0-9a-f]{2}|d[c-f][0-9a-f]{2})/;

/** Every fault of a group's profile, in the order of its properties; an empty list means that it may be stored. Pure. */
export function groupFaults(profile: Readonly<Record<string, unknown>>): readonly ErrorDetail[] {
  const faults: ErrorDetail[] = [];
  if (profile.name === undefined)
    faults.push({ code: 'REQUIRED_VALUE', target: 'name', message: 'name is required' });
  for (const name in profile) {
    const value = profile[name];
    if (value === undefined) continue;
    const fault = faultOf(name, value);
    if (fault !== undefined) faults.push(fault);
  }
  return faults;
}

function faultOf(name: string, value: unknown): ErrorDetail | undefined {
  const known = groupAttribute(name);
  if (known !== undefined) return textFault(name, known.rule, value);
  if (name === 'customData') return customDataFault(value);
  // Taken silently it would promise members that never come.
  if (name === 'userFilter')
    return {
      code: 'USER_FILTER_UNSUPPORTED',
      target: name,
      message: 'Groups have the members they are given; a filter that chooses them is not supported',
    };
  return {
    code: 'INVALID_VALUE',
    target: name,
    message: `Groups have no ${name}. Keep values of your own in customData`,
  };
}

function customDataFault(value: unknown): ErrorDetail | undefined {
  const target = 'customData';
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { code: 'INVALID_VALUE', target, message: 'customData must be an object' };
  if (Object.hasOwn(value, '__proto__'))
    return { code: 'INVALID_VALUE', target, message: 'customData cannot have a property __proto__' };
  if (isDeeper(value, MAX_CUSTOM_DATA_DEPTH))
    return {
      code: 'INVALID_VALUE',
      target,
      message: `customData may be nested ${MAX_CUSTOM_DATA_DEPTH} deep`,
    };
  const written = JSON.stringify(value);
  if (written.length > MAX_CUSTOM_DATA_LENGTH)
    return {
      code: 'SIZE_LIMIT_EXCEEDED',
      target,
      message: `customData may have ${MAX_CUSTOM_DATA_LENGTH} characters, found ${written.length}`,
      innerError: { rangeMaximumValue: MAX_CUSTOM_DATA_LENGTH },
    };
  if (UNSTORABLE.test(written))
    return {
      code: 'INVALID_VALUE',
      target,
      message: 'customData must not hold NUL characters or lone surrogates, which no database keeps',
    };
  return undefined;
}

function isDeeper(value: object, levels: number): boolean {
  if (levels === 0) return true;
  return Object.values(value).some(
    (part: unknown) => typeof part === 'object' && part !== null && isDeeper(part, levels - 1),
  );
}
