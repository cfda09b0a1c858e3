import type { SourceChange } from '@sallyport/engine';
import { type Dn, eq, LdapError, or, RESULT_CODE, readDn } from '@sallyport/ldap';
import type { DirectoryContext } from '../directory-context.ts';
import { readEntries } from '../read-entries.ts';
import { isBelowBases, type KnownContainers, MAX_KNOWN_CONTAINERS } from './containers.ts';

/**
 * Containers in which one reading of changes told somebody to be. A container that was made or moved in since the last reading,
 * and left again after its people were read and before the containers were, is in no position: nothing would ever tell that its
 * people went with it.
 */
export class ToldPlaces {
  /** By DN as the directory wrote it. */
  readonly #parents = new Map<string, Dn>();

  note(changes: readonly SourceChange[]): void {
    for (const change of changes) {
      if (change.kind !== 'present') continue;
      const parent = readDn(change.object.place)?.parent;
      if (parent !== undefined) this.#parents.set(parent.toString(), parent);
    }
  }

  /** One of them that neither the position before nor the one after, with these containers, knows: undefined if all is well. */
  async unknownPlace(
    context: DirectoryContext,
    known: readonly KnownContainers[],
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const places = new Set<string>();
    for (const containers of known) {
      const all = Object.values(containers);
      // Then not all of them are remembered.
      if (all.length >= MAX_KNOWN_CONTAINERS) return undefined;
      for (const place of all) places.add(place);
    }
    const bases = [context.scope.base, context.groupScope.base];
    let unknown = [...this.#parents].filter(([text]) => !places.has(text)).map(([, dn]) => dn);
    unknown = unknown.filter((dn) => isBelowBases(context, dn) && !bases.some((base) => base.equals(dn)));
    if (unknown.length === 0) return undefined;
    const normal = new Set(Array.from(places, (text) => readDn(text)?.normal));
    for (const dn of unknown)
      if (!normal.has(dn.normal) && (await mayBeContainer(context, dn, signal))) return dn.toString();
    return undefined;
  }
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
