import type { ErrorDetail } from '../error/coded-error.ts';
import { textFault } from './attribute-rule.ts';
import { isCustomAttributeName, NESTED_USER_ATTRIBUTES, userAttribute } from './user-attribute.ts';

const MAX_CUSTOM_VALUES = 1000;
const MAX_CUSTOM_ATTRIBUTES = 400;
/** A whole profile as JSON, in UTF-16 units. */
export const MAX_PROFILE_LENGTH = 16 * 1024;

// As JSON.stringify writes them (ECMA-262 QuoteJSONString); an even number of backslashes before would be text.
const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89ab][0-9a-f]{2}|d[c-f][0-9a-f]{2})/;

/**
 * Every fault of a user's profile, in the order of its properties; an empty list means that it may be stored. Pure, and
 * cheap enough to run on each of a hundred thousand users: one pass over the properties that are there.
 */
export function userFaults(profile: Readonly<Record<string, unknown>>): readonly ErrorDetail[] {
  const faults: ErrorDetail[] = [];
  if (profile.username === undefined)
    faults.push({ code: 'REQUIRED_VALUE', target: 'username', message: 'username is required' });
  let customCount = 0;
  let length = 0;
  for (const name in profile) {
    const value = profile[name];
    if (value === undefined) continue;
    const known = userAttribute(name);
    if (known !== undefined) {
      const fault = textFault(name, known.rule, value);
      if (fault !== undefined) faults.push(fault);
      else length += (value as string).length;
    } else if (NESTED_USER_ATTRIBUTES.has(name)) {
      length += nestedFaults(name, value, faults);
    } else {
      customCount += 1;
      length += customFaults(name, value, faults);
    }
  }
  if (customCount > MAX_CUSTOM_ATTRIBUTES)
    faults.push({
      code: 'SIZE_LIMIT_EXCEEDED',
      message: `A user may have ${MAX_CUSTOM_ATTRIBUTES} custom attributes, found ${customCount}`,
    });
  // The text alone is measured first; only a profile that may be too long is written out to see.
  if (faults.length === 0 && length > MAX_PROFILE_LENGTH / 2) {
    const whole = JSON.stringify(profile).length;
    if (whole > MAX_PROFILE_LENGTH)
      faults.push({
        code: 'SIZE_LIMIT_EXCEEDED',
        message: `A user's profile may have ${MAX_PROFILE_LENGTH} characters, found ${whole}`,
        innerError: { rangeMaximumValue: MAX_PROFILE_LENGTH },
      });
  }
  return faults;
}

function nestedFaults(name: string, value: unknown, faults: ErrorDetail[]): number {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    faults.push({ code: 'INVALID_VALUE', target: name, message: `${name} must be an object` });
    return 0;
  }
  const parts = NESTED_USER_ATTRIBUTES.get(name);
  let length = 0;
  for (const [leaf, part] of Object.entries(value)) {
    if (part === undefined) continue;
    const attribute = parts?.get(leaf);
    if (attribute === undefined) {
      const path = `${name}.${leaf}`;
      const known = [...(parts?.keys() ?? [])].join(', ');
      faults.push({
        code: 'INVALID_VALUE',
        target: path,
        message: `${name} has no part ${leaf}; it has ${known}`,
      });
      continue;
    }
    const fault = textFault(attribute.path, attribute.rule, part);
    if (fault !== undefined) faults.push(fault);
    else length += String(part).length;
  }
  return length;
}

function customFaults(name: string, value: unknown, faults: ErrorDetail[]): number {
  if (!isCustomAttributeName(name)) {
    faults.push({
      code: 'INVALID_VALUE',
      target: name,
      message: `${name} cannot be written here: it is not a profile attribute, nor a possible custom attribute name`,
    });
    return 0;
  }
  if (value === '') {
    faults.push({
      code: 'EMPTY_VALUE',
      target: name,
      message: `${name} must not be empty; leave it out to clear it`,
    });
    return 0;
  }
  if (Array.isArray(value) && value.length > MAX_CUSTOM_VALUES)
    faults.push({
      code: 'SIZE_LIMIT_EXCEEDED',
      target: name,
      message: `${name} may have ${MAX_CUSTOM_VALUES} values, found ${value.length}`,
      innerError: { rangeMaximumValue: MAX_CUSTOM_VALUES },
    });
  const written = JSON.stringify(value);
  if (UNSTORABLE.test(written))
    faults.push({
      code: 'INVALID_VALUE',
      target: name,
      message: `${name} must not hold NUL characters or lone surrogates, which no database keeps`,
    });
  return written.length;
}
