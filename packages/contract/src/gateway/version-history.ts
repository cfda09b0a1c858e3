/** One revision of the contract inside `sallyport.gateway.v1`. Revisions only add; a break needs a new subprotocol. */
export interface ContractRevision {
  readonly revision: number;
  /** SHA-256 of the messages' shape in canonical form (`contractShapeHash`). */
  readonly shapeSha256: string;
  readonly what: string;
}

/**
 * Every revision that was ever released, oldest first. A test compares the newest hash with the code, so that a changed
 * shape cannot go out under an old number: add an entry, never edit one that was released.
 */
export const VERSION_HISTORY: readonly ContractRevision[] = [
  {
    revision: 1,
    shapeSha256: '6885ed13899346d97736a1b44e264d244fc9fa3588b20c18356443252d5261c5',
    what: 'Configuration, the LDAP operations, watches, credits, moves, connection tests, health and metrics.',
  },
  {
    revision: 2,
    shapeSha256: 'a9acbb57bd4a6025f34ebbdb4c4250499c7efa76c8179c96df92a472068327ba',
    what: 'Extended operations with intermediate responses (extendedStream, intermediateCount).',
  },
];

/** The revision this code speaks. */
export const CONTRACT_REVISION: number = VERSION_HISTORY.at(-1)?.revision ?? 0;
