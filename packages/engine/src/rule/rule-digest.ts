import { createHash } from 'node:crypto';
import type { Mapping } from '@sallyport/model';
import type { EngineRule } from './engine-rule.ts';

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

/**
 * Everything that forces a full run, part by part, so that the run can say which part changed. JSON of names to hashes;
 * a scope value may be secret (authentication), hence hashes even of short texts.
 */
export function ruleDigest(rule: EngineRule): string {
  const parts: Record<string, string> = { mappings: mappingDigest(rule) };
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
  return changed.length > 0 ? changed : ['configuration'];
}
