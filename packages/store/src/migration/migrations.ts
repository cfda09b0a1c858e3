import { sql as initial } from './0001-initial.ts';
import { sql as removals } from './0002-removals.ts';
import { sql as passwords } from './0003-passwords.ts';
import { sql as groups } from './0004-groups.ts';
import { sql as memberRemovals } from './0005-member-removals.ts';
import { sql as heldLists } from './0006-held-lists.ts';

/** One step of the schema. Once merged it never changes: databases carry its hash. */
export interface Migration {
  /** 1, 2, 3, ... without gaps. */
  readonly number: number;
  readonly name: string;
  readonly sql: string;
}

/** Forward only, in order. As modules and not as .sql files, so that a bundle carries them. */
export const MIGRATIONS: readonly Migration[] = [
  { number: 1, name: 'initial', sql: initial },
  { number: 2, name: 'removals', sql: removals },
  { number: 3, name: 'passwords', sql: passwords },
  { number: 4, name: 'groups', sql: groups },
  { number: 5, name: 'member-removals', sql: memberRemovals },
  { number: 6, name: 'held-lists', sql: heldLists },
];
