/** A user of this batch that wants another username. */
export interface Rename {
  /** Its place in the batch. */
  readonly index: number;
  /** Its row. */
  readonly number: number;
  readonly newKey: string;
}

export interface ResolvedRenames {
  /** Refused renames: who has the name, as a row's number, or the batch's index that takes it first. */
  readonly refused: ReadonlyMap<number, { readonly holder: number } | { readonly takenBy: number }>;
  /** Rows that must let their name go before another of the batch can take it. */
  readonly toPark: ReadonlySet<number>;
}

/**
 * Which renames of a batch can all happen together. A name that a row outside has is refused; one that a row inside has
 * goes with that row's own rename, so that swaps and rings of any length work. A refused rename keeps its old name, which
 * may refuse others: hence the repetition. Pure.
 * @param holders which row has each wanted name now
 */
export function resolveRenames(
  renames: readonly Rename[],
  holders: ReadonlyMap<string, number>,
): ResolvedRenames {
  const refused = new Map<number, { readonly holder: number } | { readonly takenBy: number }>();
  const byRow = new Map(renames.map((rename) => [rename.number, rename]));
  for (let before = -1; before !== refused.size; ) {
    before = refused.size;
    const takers = new Map<string, number>();
    for (const rename of renames) {
      if (refused.has(rename.index)) continue;
      const holder = holders.get(rename.newKey);
      const leaving = holder === undefined ? undefined : byRow.get(holder);
      const first = takers.get(rename.newKey);
      if (
        holder !== undefined &&
        holder !== rename.number &&
        (leaving === undefined || refused.has(leaving.index))
      )
        refused.set(rename.index, { holder });
      else if (first !== undefined) refused.set(rename.index, { takenBy: first });
      else takers.set(rename.newKey, rename.index);
    }
  }
  const toPark = new Set<number>();
  for (const rename of renames) {
    const holder = holders.get(rename.newKey);
    if (!refused.has(rename.index) && holder !== undefined && holder !== rename.number) toPark.add(holder);
  }
  return { refused, toPark };
}
