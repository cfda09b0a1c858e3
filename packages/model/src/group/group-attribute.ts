import { anyRule, type TextRule } from '../user/attribute-rule.ts';

/** One text attribute that every group may have. */
export interface GroupAttribute {
  readonly path: string;
  readonly required: boolean;
  readonly rule: TextRule;
  /** How values are compared with each other in searches and when matching. */
  readonly caseSensitive: boolean;
}

const CONTROL = /\p{Cc}/u;

/** One line: names stand in lists, DNs and messages. Directories have names of every script, joiners and emoji included. */
function lineRule(maxLength: number): TextRule {
  const { fits } = anyRule(maxLength);
  return {
    maxLength,
    expected: 'a text on one line, without control characters',
    fits: (text) => fits(text) && !CONTROL.test(text),
  };
}

/** The attributes with their limits, measured in UTF-16 units. `customData` lies beside them. */
export const GROUP_ATTRIBUTES: readonly GroupAttribute[] = [
  { path: 'name', required: true, rule: lineRule(256), caseSensitive: false },
  { path: 'displayName', required: false, rule: lineRule(256), caseSensitive: false },
  { path: 'description', required: false, rule: anyRule(1024), caseSensitive: false },
  { path: 'externalId', required: false, rule: anyRule(1024), caseSensitive: true },
];

const BY_PATH: ReadonlyMap<string, GroupAttribute> = new Map(GROUP_ATTRIBUTES.map((one) => [one.path, one]));

export function groupAttribute(path: string): GroupAttribute | undefined {
  return BY_PATH.get(path);
}

const CUSTOM_DATA = 'customData.';
const CUSTOM_NAME = /^[A-Za-z][A-Za-z0-9_-]{0,127}$/;

/** The property of `customData` that a path such as `customData.owner` names; undefined for every other path. */
export function groupCustomName(path: string): string | undefined {
  if (!path.startsWith(CUSTOM_DATA)) return undefined;
  const name = path.slice(CUSTOM_DATA.length);
  return CUSTOM_NAME.test(name) && name !== 'constructor' && name !== 'prototype' ? name : undefined;
}

/** The way back. Any property has a path; only those with plain names can be mapped to. */
export function groupCustomPath(name: string): string {
  return `${CUSTOM_DATA}${name}`;
}
