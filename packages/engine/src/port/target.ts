import type { AttributeChange, ObjectAttributes, ObjectType } from '@sallyport/model';
import type { StateTransaction } from './sync-state.ts';

/** How values of one target attribute are compared. `unordered`: a set of texts. */
export type Comparison = 'exact' | 'ignoreCase' | 'unordered';

export interface TargetAttribute {
  readonly name: string;
  readonly required: boolean;
  readonly multiValued: boolean;
  readonly comparison: Comparison;
  /** `operational` attributes are written by their own step (`enabled`). */
  readonly kind: 'plain' | 'active';
  /** Says what is wrong with these values, or undefined. Pure. */
  readonly fault: (values: readonly string[]) => string | undefined;
}

export interface TargetObject {
  readonly id: string;
  /** Rises with every write by anyone: equal versions mean an untouched object. */
  readonly version: number;
  readonly active: boolean;
  readonly attributes: ObjectAttributes;
}

export type TargetWrite =
  | {
      readonly kind: 'create';
      readonly id: string;
      readonly active: boolean;
      readonly attributes: ObjectAttributes;
    }
  | {
      readonly kind: 'update';
      readonly id: string;
      readonly active?: boolean;
      readonly changes: readonly AttributeChange[];
      /** The version that the changes were made from. */
      readonly version?: number;
    }
  | { readonly kind: 'delete'; readonly id: string };

export type TargetWriteResult =
  /** `overtaken`: written, but somebody else had written between the version that was named and this. */
  | { readonly ok: true; readonly version: number; readonly overtaken?: true }
  /** Refused by the target: the object is `failed` (or `conflict`), tried again when it changes or when asked. */
  | {
      readonly ok: false;
      readonly code: string;
      readonly message: string;
      readonly conflict: boolean;
      /** No answer came (time-out, lost connection): the engine reads the object to learn whether it was written. */
      readonly unknown?: true;
    };

/** The target end of one rule. */
export interface TargetPort {
  /** True if `apply` takes part in the state's transaction; false for a remote target, which is written before it. */
  readonly inTransaction: boolean;
  attribute(objectType: ObjectType, name: string): TargetAttribute | undefined;
  attributeNames(objectType: ObjectType): readonly string[];
  /** Versions of those that exist. Cheap: the engine asks it for every object of a full run. */
  versions(objectType: ObjectType, ids: readonly string[]): Promise<ReadonlyMap<string, number>>;
  readMany(objectType: ObjectType, ids: readonly string[]): Promise<ReadonlyMap<string, TargetObject>>;
  /** Objects whose attribute equals one of the values under the target's own comparison; keyed by the value as asked. */
  match(
    objectType: ObjectType,
    attribute: string,
    values: readonly string[],
  ): Promise<ReadonlyMap<string, readonly TargetObject[]>>;
  /** One result for each write, in order. A refused write never stops the others. */
  apply(
    objectType: ObjectType,
    writes: readonly TargetWrite[],
    tx: StateTransaction | undefined,
  ): Promise<readonly TargetWriteResult[]>;
  newId(): string;
}
