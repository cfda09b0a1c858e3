import { type Dn, eq, LdapError, or, RESULT_CODE, readDn } from '@sallyport/ldap';
import type { DirectoryContext } from '../directory-context.ts';
import { readEntries } from '../read-entries.ts';
import { isBelowBases, type KnownContainers, MAX_KNOWN_CONTAINERS } from './containers.ts';

/**
 * Containers in which one reading told somebody to be. A container that was made or moved in since the containers were read last,
 * and left again after its people were read, is in no position: nothing would ever tell that its people went with it.
 */
export class ToldPlaces {
  /** As the directory wrote them. */
  readonly #parents = new Set<string>();

  /** Called for each object of a full read, so that nothing is parsed here. */
  note(place: string): void {
    if (this.#parents.size <= MAX_KNOWN_CONTAINERS) this.#parents.add(parentText(place));
  }

  /** One of them that is among none of these, which positions know: undefined if all is well. */
  async unknownPlace(
    context: DirectoryContext,
    known: readonly KnownContainers[],
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const places = new Set(known.flatMap((containers) => Object.values(containers)));
    // Then not all of them are remembered.
    if (places.size >= MAX_KNOWN_CONTAINERS || this.#parents.size > MAX_KNOWN_CONTAINERS) return undefined;
    const bases = [context.scope.base, context.groupScope.base];
    const unknown = [...this.#parents].flatMap((text) => {
      const dn = places.has(text) ? undefined : readDn(text);
      const isInside =
        dn !== undefined && isBelowBases(context, dn) && !bases.some((base) => base.equals(dn));
      return isInside ? [dn] : [];
    });
    if (unknown.length === 0) return undefined;
    // Servers may write one name in two ways.
    const normal = new Set(Array.from(places, (text) => readDn(text)?.normal));
    for (const dn of unknown)
      if (!normal.has(dn.normal) && (await mayBeContainer(context, dn, signal))) return dn.toString();
    return undefined;
  }
}

/** What follows the first comma that is not escaped (RFC 4514 §2.4). */
function parentText(place: string): string {
  let comma = place.indexOf(',');
  while (comma > 0 && isEscaped(place, comma)) comma = place.indexOf(',', comma + 1);
  return comma < 0 ? '' : place.slice(comma + 1);
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0;
  while (text[at - 1 - slashes] === '\\') slashes += 1;
  return slashes % 2 === 1;
}

/** Whether it is a container, or gone; people may be below other entries too, which are people or groups of their own. */
async function mayBeContainer(
  { dialect, link }: DirectoryContext,
  dn: Dn,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const { entries } = await readEntries(
      link,
      {
        base: dn.toString(),
        scope: 'base',
        filter: or(...dialect.containerClasses.map((name) => eq('objectClass', name))),
        attributes: ['1.1'],
      },
      signal,
    );
    return entries.length > 0;
  } catch (error) {
    if (error instanceof LdapError && error.resultCode === RESULT_CODE.noSuchObject) return true;
    throw error;
  }
}
