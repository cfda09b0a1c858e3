import type { DirectoryEntry } from '../core/directory-entry.ts';
import { StandardDirectory, type StandardDirectoryOptions } from '../core/standard-directory.ts';
import { olRefusals, olValueFaults } from './ol-refusals.ts';
import { openLdapSchema } from './open-ldap-schema.ts';

/** What the session log keeps of an entry that has gone. */
export interface LoggedDeletion {
  readonly sequence: number;
  readonly entryUuid: Buffer;
}

/** syncprov-sessionlog: deletions beyond it can no longer be told, a consumer then gets the present phase. */
const sessionLogSize = 10_000;

/** The state of a simulated slapd with one database. */
export class OlDatabase extends StandardDirectory {
  #deletions: LoggedDeletion[] = [];
  /** Deletions up to this number are forgotten. */
  #logBegins = 0;

  constructor(options: StandardDirectoryOptions) {
    const adminDn = `cn=admin,${options.baseDn}`;
    super(options, {
      schema: openLdapSchema,
      refusals: olRefusals,
      faults: olValueFaults,
      adminDn,
      adminEntryDn: adminDn,
      subschemaName: 'Subschema',
      indexedNames: ['member', 'uniquemember'],
      fractionDigits: 0,
      headValues: [['structuralObjectClass', ['domain']]],
    });
  }

  /** Change sequence number: the count field carries our sequence number, so that a cookie says where it stands. */
  changeNumber(sequence: number, atMs: number): string {
    const time = new Date(atMs).toISOString().replace(/[-:T]/g, '').replace('Z', '000Z');
    return `${time}#${sequence.toString(16).padStart(6, '0')}#000#000000`;
  }

  logDeletion(entry: DirectoryEntry, sequence: number): void {
    const uuid = entry.text('entryuuid') ?? '';
    this.#deletions.push({ sequence, entryUuid: Buffer.from(uuid.replaceAll('-', ''), 'hex') });
    if (this.#deletions.length <= sessionLogSize) return;
    const dropped = this.#deletions.splice(0, this.#deletions.length - sessionLogSize);
    this.#logBegins = dropped.at(-1)?.sequence ?? this.#logBegins;
  }

  /** Deletions after `sequence`; undefined when the log does not reach back so far. */
  deletionsSince(sequence: number): readonly Buffer[] | undefined {
    if (sequence < this.#logBegins) return undefined;
    return this.#deletions
      .filter((deletion) => deletion.sequence > sequence)
      .map((deletion) => deletion.entryUuid);
  }

  /** Forgets the deletions so far: consumers with older cookies get the present phase. */
  trimSessionLog(): void {
    this.#logBegins = this.store.sequence;
    this.#deletions = [];
  }
}
