import type { PopulationAnswer } from '@sallyport/engine';
import { foldCase } from '@sallyport/model';

export interface KnownPopulation {
  readonly id: string;
  readonly name: string;
}

/** A message names so many populations; there may be ten thousand. */
const NAMED = 10;

/**
 * Finds populations by id or name, exactly first and then without case. They are read once and again whenever something is
 * not found, so that one made a moment ago counts.
 */
export function makePopulationFinder(
  list: () => Promise<readonly KnownPopulation[]>,
): (texts: readonly string[]) => Promise<ReadonlyMap<string, PopulationAnswer>> {
  let known: readonly KnownPopulation[] | undefined;
  return async (texts) => {
    const read = known;
    let index = makeIndex(read ?? (await list()));
    if (read !== undefined && texts.some((text) => index.find(text) === undefined))
      index = makeIndex(await list());
    known = index.populations;
    return new Map(
      texts.map((text): [string, PopulationAnswer] => {
        const found = index.find(text);
        return [
          text,
          found === undefined
            ? { found: false, message: missing(index.populations) }
            : { found: true, id: found.id, name: found.name },
        ];
      }),
    );
  };
}

function makeIndex(populations: readonly KnownPopulation[]) {
  const byId = new Map(populations.map((population) => [population.id, population]));
  const byName = new Map(populations.map((population) => [population.name, population]));
  const folded = new Map<string, KnownPopulation | undefined>();
  for (const population of populations) {
    const key = foldCase(population.name);
    // Two names that differ in case alone: neither is meant by a third spelling.
    folded.set(key, folded.has(key) ? undefined : population);
  }
  return {
    populations,
    find: (text: string): KnownPopulation | undefined =>
      byId.get(text.toLowerCase()) ?? byName.get(text) ?? folded.get(foldCase(text)),
  };
}

function missing(populations: readonly KnownPopulation[]): string {
  const named = populations.slice(0, NAMED).map(({ name }) => JSON.stringify(name));
  const more = populations.length - named.length;
  const list = more > 0 ? `${named.join(', ')} and ${more} more` : named.join(', ');
  return `no population has that id or name; there ${populations.length === 1 ? 'is' : 'are'} ${list}`;
}
