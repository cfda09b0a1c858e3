import type { ObjectAttributes, ObjectType } from '@sallyport/model';
import type { CompiledOnboarding } from '../onboarding/compile-onboarding.ts';
import type { TargetAttribute } from '../port/target.ts';
import type { SourceRoot, SourceValues } from './source-root.ts';

/** One mapping, ready to run. */
export interface CompiledMapping {
  readonly name: string;
  readonly target: TargetAttribute;
  readonly createOnly: boolean;
  readonly masked: boolean;
  readonly fromExpression: boolean;
  readonly defaultValue: string | undefined;
  /** Trim, case and parser of one value; undefined where none is set. */
  readonly step: ((value: string) => string) | undefined;
  /** The raw values; an expression may throw. `now` is epoch ms. */
  readonly read: (source: SourceValues, root: SourceRoot, now: number) => readonly string[];
}

/** A rule's mappings, checked and compiled once for a run. */
export interface CompiledMappings {
  readonly objectType: ObjectType;
  /** Source attributes to ask for; `*` if an expression may look at any. */
  readonly needs: readonly string[];
  /** Digest of mappings and matching, part of every fingerprint. */
  readonly digest: string;
  /** An expression asks for the time, so equal input does not mean equal output. */
  readonly usesClock: boolean;
  /** Attributes written by attribute changes, in the order of the mappings. */
  readonly plain: readonly CompiledMapping[];
  /** The mapping of the account state, if there is one. */
  readonly active: CompiledMapping | undefined;
  /** The target's name for the account state, for people. */
  readonly activeAttribute: string;
  readonly matching: CompiledMapping;
  readonly masked: ReadonlySet<string>;
  /** Of users alone. Its expressions may ask for the time: what exists is not made again. */
  readonly onboarding: CompiledOnboarding | undefined;
}

/** What one source object should look like at the target. Every plain attribute has a key; `[]` clears it. */
export interface MappedObject {
  readonly attributes: ObjectAttributes;
  /** Undefined: neither source nor mapping says anything about the account state. */
  readonly active: boolean | undefined;
}

/** Why an object could not be mapped: the first mapping at fault, and a sentence that names all of them. */
export interface MappingFailure {
  readonly mapping: string;
  readonly code: string;
  readonly message: string;
}

export type MappingResult =
  | { readonly ok: true; readonly object: MappedObject }
  | { readonly ok: false; readonly failure: MappingFailure };
