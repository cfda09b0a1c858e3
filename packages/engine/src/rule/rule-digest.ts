import { createHash } from 'node:crypto';
import type { Mapping } from '@sallyport/model';
import { type EngineRule, groupView } from './engine-rule.ts';

/** 72 bits as 12 characters: short enough to stand in every link's fingerprint. */
function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 12);
}

/** Only what changes results: a renamed mapping is the same mapping. */
function mappingParts(mapping: Mapping): readonly unknown[] {
  return [
    mapping.targetAttribute,
    'attribute' in mapping.source
      ? ['attribute', mapping.source.attribute]
      : ['expression', mapping.source.expression],
    mapping.createOnly,
    mapping.trim,
    mapping.characterCase,
    mapping.parser,
    mapping.defaultValue ?? null,
  ];
}

/** Digest of the mappings and of the matching: another one means that every object has to be compared again. */
export function mappingDigest(
  rule: Pick<EngineRule, 'mappings' | 'matchingAttribute' | 'objectType'>,
): string {
  const mappings = rule.mappings.map((mapping) => JSON.stringify(mappingParts(mapping))).sort();
  return shortHash(JSON.stringify([rule.objectType, rule.matchingAttribute, mappings]));
}

/** Whether groups are read at all: they may lie under bases of their own. */
const GROUPS = 'groups';
/** What is made of objects, not which ones are read. */
const RESULTS: ReadonlySet<string> = new Set(['mappings', 'group mappings', 'memberships']);

/** Whether parts that changed let the rule read other objects than before. */
export function changesScope(parts: readonly string[]): boolean {
  return parts.some((part) => !RESULTS.has(part));
}

/** Whether the rule read groups when this digest was applied, so that its links know what groups call them. */
export function readsGroups(digest: string | undefined): boolean {
  return digest !== undefined && readParts(digest).has(GROUPS);
}

/**
 * Everything that forces a full run, part by part, so that the run can say which part changed. JSON of names to hashes;
 * a scope value may be secret (authentication), hence hashes even of short texts.
 */
export function ruleDigest(rule: EngineRule): string {
  const parts: Record<string, string> = { mappings: mappingDigest(rule) };
  const groups = groupView(rule);
  if (groups !== undefined) {
    parts[GROUPS] = 'on';
    parts['group mappings'] = mappingDigest(groups);
    // Groups read for their names alone know nothing of their members.
    parts.memberships = rule.actions.syncMemberships ? 'on' : 'off';
  }
  for (const name of Object.keys(rule.scope).sort())
    parts[name] = shortHash(`${name}\0${rule.scope[name] ?? ''}`);
  return JSON.stringify(parts);
}

function readParts(digest: string): ReadonlyMap<string, unknown> {
  try {
    const value: unknown = JSON.parse(digest);
    if (typeof value === 'object' && value !== null) return new Map(Object.entries(value));
  } catch {
    // A digest written by another version: every part counts as changed.
    return new Map();
  }
  return new Map();
}

/** Names of the parts in which two digests differ, those of `mappings` first. */
export function changedParts(before: string, now: string): readonly string[] {
  if (before === now) return [];
  const old = readParts(before);
  const current = readParts(now);
  const names = new Set([...current.keys(), ...old.keys()]);
  const changed = [...names].filter((name) => old.get(name) !== current.get(name));
  if (changed.length === 0) return ['configuration'];
  // Groups that are switched on or off bring parts of their own, which are no news besides.
  if (changed.includes(GROUPS))
    return changed.filter((name) => name !== 'group mappings' && name !== 'memberships');
  return changed;
}
