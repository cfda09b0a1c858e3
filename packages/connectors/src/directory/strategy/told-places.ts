import {
  type DirectoryLink,
  type Dn,
  eq,
  type Filter,
  type LazyEntry,
  LdapError,
  or,
  present,
  RESULT_CODE,
  readDn,
} from '@sallyport/ldap';
import type { DirectoryContext } from '../directory-context.ts';
import { readEntries } from '../read-entries.ts';
import { isBelowBases, type KnownContainers, MAX_KNOWN_CONTAINERS } from './containers.ts';

/**
 * Containers in which one reading told somebody to be. A container that was made or moved in since the containers were read last,
 * and left again after its people were read, is in no position: nothing would ever tell that its people went with it.
 */
export class ToldPlaces {
  /** One of those who were told there, by the container; as the directory wrote them. */
  readonly #parents = new Map<string, string>();

  /** Called for each object of a full read, so that nothing is parsed here. */
  note(place: string): void {
    if (this.#parents.size <= MAX_KNOWN_CONTAINERS) this.#parents.set(parentText(place), place);
  }

  /** One of them that is among none of these, which positions know: undefined if all is well. */
  async unknownPlace(
    context: DirectoryContext,
    known: readonly KnownContainers[],
    signal: AbortSignal,
  ): Promise<string | undefined> {
    if (this.#parents.size === 0) return undefined;
    const places = new Set(known.flatMap((containers) => Object.values(containers)));
    // Then not all of them are remembered.
    if (places.size >= MAX_KNOWN_CONTAINERS || this.#parents.size > MAX_KNOWN_CONTAINERS) return undefined;
    const bases = [context.scope.base, context.groupScope.base];
    const unknown = [...this.#parents].flatMap(([text, somebody]) => {
      const dn = places.has(text) ? undefined : readDn(text);
      const isInside =
        dn !== undefined && isBelowBases(context, dn) && !bases.some((base) => base.equals(dn));
      return isInside ? [{ dn, somebody }] : [];
    });
    if (unknown.length === 0) return undefined;
    // Servers may write one name in two ways.
    const normal = new Set(Array.from(places, (text) => readDn(text)?.normal));
    for (const { dn, somebody } of unknown)
      if (!normal.has(dn.normal) && (await isUnknown(context, dn, somebody, signal))) return dn.toString();
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

/**
 * Whether it is a container that positions would know, or one that is gone. People may be below other entries too, which are people
 * or groups of their own, and below containers that the account may not see or that have no key: no position ever knows those.
 */
async function isUnknown(
  { dialect, link }: DirectoryContext,
  dn: Dn,
  somebody: string,
  signal: AbortSignal,
): Promise<boolean> {
  const isContainer = or(...dialect.containerClasses.map((name) => eq('objectClass', name)));
  const entries = await readPlace(link, dn.toString(), isContainer, dialect.keyAttribute, signal);
  if (entries !== undefined) return entries.some((entry) => entry.bytes(dialect.keyAttribute) !== undefined);
  // Hidden, if whoever was told there still is: with a container its people go.
  const people = await readPlace(link, somebody, present('objectClass'), '1.1', signal);
  return people === undefined || people.length === 0;
}

/** Undefined where there is nothing, or nothing that the account may see. */
async function readPlace(
  link: DirectoryLink,
  base: string,
  filter: Filter,
  attribute: string,
  signal: AbortSignal,
): Promise<readonly LazyEntry[] | undefined> {
  try {
    const request = { base, scope: 'base' as const, filter, attributes: [attribute], pageSize: 0 };
    return (await readEntries(link, request, signal)).entries;
  } catch (error) {
    if (error instanceof LdapError && NOT_SEEN.has(error.resultCode)) return undefined;
    throw error;
  }
}

const NOT_SEEN: ReadonlySet<number | undefined> = new Set([
  RESULT_CODE.noSuchObject,
  RESULT_CODE.insufficientAccessRights,
]);
