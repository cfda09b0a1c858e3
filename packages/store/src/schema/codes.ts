import { CodedError, type LinkStatus, type ObjectType, type Outcome, type Presence } from '@sallyport/model';

// How the words of the sync state are written in the large tables. A code is never given to another word: these lists
// only grow at their end. Numbers save a tenth of the links table and the decoding of four texts for each link read.
const OBJECT_TYPES = ['user', 'group'] as const satisfies readonly ObjectType[];
const PRESENCES = ['inScope', 'outOfScope', 'deleted', 'kept'] as const satisfies readonly Presence[];
const STATUSES = [
  'SUCCESS',
  'PARTIAL_SYNCED',
  'UNSYNCED',
  'FAILED',
  'HELD',
  'CONFLICT',
] as const satisfies readonly LinkStatus[];
const OUTCOMES = [
  'created',
  'updated',
  'linked',
  'disabled',
  'enabled',
  'deleted',
  'unchanged',
  'skipped',
  'held',
  'conflict',
  'failed',
] as const satisfies readonly Outcome[];

export interface Codes<T extends string> {
  readonly words: readonly T[];
  code(word: T): number;
  word(code: unknown): T;
}

function codesOf<T extends string>(kind: string, words: readonly T[]): Codes<T> {
  const codes: ReadonlyMap<T, number> = new Map(words.map((word, index) => [word, index]));
  const unknown = (found: unknown): CodedError =>
    new CodedError('STORE_CORRUPT', `Unknown ${kind} ${JSON.stringify(String(found))} in the sync state`);
  return {
    words,
    code: (word) => {
      const code = codes.get(word);
      if (code === undefined) throw unknown(word);
      return code;
    },
    word: (code) => {
      const word = typeof code === 'number' ? words[code] : undefined;
      if (word === undefined) throw unknown(code);
      return word;
    },
  };
}

export const objectTypeCodes: Codes<ObjectType> = codesOf('object type', OBJECT_TYPES);
export const presenceCodes: Codes<Presence> = codesOf('presence', PRESENCES);
export const statusCodes: Codes<LinkStatus> = codesOf('status', STATUSES);
export const outcomeCodes: Codes<Outcome> = codesOf('outcome', OUTCOMES);
