import {
  attributesOf,
  type Dn,
  type Filter,
  LdapTextError,
  parseDn,
  parseFilter,
  readDn,
} from '@sallyport/ldap';
import { utf8 } from '../core/attribute-values.ts';
import type { DirectoryEntry } from '../core/directory-entry.ts';
import type { PdServer } from './pd-server.ts';

interface GroupUrl {
  readonly base: DirectoryEntry;
  readonly scope: string;
  readonly matches: (entry: DirectoryEntry) => boolean;
}

/**
 * Who is in which group: static ones, groups in groups, dynamic ones (`memberURL`) and virtual static ones that show the
 * members of another group.
 */
export class PdGroups {
  readonly #server: PdServer;
  readonly #matcherOf: (filter: Filter) => (entry: DirectoryEntry) => boolean;
  readonly #dynamic = new Set<DirectoryEntry>();

  constructor(server: PdServer, matcherOf: (filter: Filter) => (entry: DirectoryEntry) => boolean) {
    this.#server = server;
    this.#matcherOf = matcherOf;
    server.store.onChange(({ entry }) => {
      if (!entry.removed && entry.values('memberurl').length > 0) this.#dynamic.add(entry);
      else this.#dynamic.delete(entry);
    });
  }

  /** Groups that name the entry themselves. */
  directGroupsOf(entry: DirectoryEntry): readonly DirectoryEntry[] {
    const { store } = this.#server;
    const name = utf8(entry.dn);
    return [...new Set([...store.find('member', name), ...store.find('uniquemember', name)])];
  }

  /** All groups the entry is in, by whatever way. */
  groupsOf(entry: DirectoryEntry): ReadonlySet<DirectoryEntry> {
    const found = new Set<DirectoryEntry>();
    if (this.#server.isSoftDeleted(entry)) return found;
    const waiting = [...this.directGroupsOf(entry), ...this.#dynamicGroupsOf(entry)];
    for (let group = waiting.pop(); group !== undefined; group = waiting.pop()) {
      if (found.has(group)) continue;
      found.add(group);
      waiting.push(...this.directGroupsOf(group), ...this.#virtualGroupsOf(group));
    }
    return found;
  }

  /** Entries a group has as members, those of nested groups and the groups themselves included. */
  membersOf(group: DirectoryEntry): ReadonlySet<DirectoryEntry> {
    const members = new Set<DirectoryEntry>();
    const seen = new Set<DirectoryEntry>();
    const waiting = [group];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      for (const member of this.#ownMembersOf(next)) {
        if (member.values('ds-soft-delete-from-dn').length > 0) continue;
        members.add(member);
        waiting.push(member);
      }
      const target = this.targetOf(next);
      if (target !== undefined) waiting.push(target);
    }
    return members;
  }

  /** The group whose members a virtual static group shows. */
  targetOf(group: DirectoryEntry): DirectoryEntry | undefined {
    const name = group.text('ds-target-group-dn');
    const dn = name === undefined ? undefined : readDn(name);
    return dn === undefined ? undefined : this.#server.store.resolve(dn);
  }

  #ownMembersOf(group: DirectoryEntry): readonly DirectoryEntry[] {
    const { store } = this.#server;
    const named = ['member', 'uniquemember'].flatMap((key) =>
      group.values(key).flatMap((value) => {
        const dn = readDn(value.toString());
        const member = dn === undefined ? undefined : store.resolve(dn);
        return member === undefined ? [] : [member];
      }),
    );
    const computed = this.#urlsOf(group).flatMap((url) =>
      [...store.subtree(url.base)].filter((entry) => isSelected(entry, url)),
    );
    return [...named, ...computed];
  }

  #dynamicGroupsOf(entry: DirectoryEntry): readonly DirectoryEntry[] {
    return [...this.#dynamic].filter((group) => this.#urlsOf(group).some((url) => isSelected(entry, url)));
  }

  #virtualGroupsOf(group: DirectoryEntry): readonly DirectoryEntry[] {
    return this.#server.store.find('ds-target-group-dn', utf8(group.dn));
  }

  #urlsOf(group: DirectoryEntry): readonly GroupUrl[] {
    return group.values('memberurl').flatMap((value) => {
      const url = parseGroupUrl(value.toString());
      const base = url === undefined ? undefined : this.#server.store.resolve(url.base);
      // A filter on memberships would ask this very question again.
      if (url === undefined || base === undefined || attributesOf(url.filter).some(isMembership)) return [];
      return [{ base, scope: url.scope, matches: this.#matcherOf(url.filter) }];
    });
  }
}

function isSelected(entry: DirectoryEntry, { base, scope, matches }: GroupUrl): boolean {
  const isInScope =
    scope === 'sub' ? entry.isWithin(base) : scope === 'one' ? entry.parent === base : entry === base;
  return isInScope && entry.values('ds-soft-delete-from-dn').length === 0 && matches(entry);
}

function isMembership(name: string): boolean {
  return ['ismemberof', 'isdirectmemberof'].includes(name.toLowerCase());
}

interface ParsedGroupUrl {
  readonly base: Dn;
  readonly scope: string;
  readonly filter: Filter;
}

/** `ldap:///base?attributes?scope?filter` (RFC 4516), without a host. Undefined for anything else: it selects nobody. */
function parseGroupUrl(text: string): ParsedGroupUrl | undefined {
  const parts = /^ldap:\/\/\/([^?]*)(?:\?[^?]*(?:\?(base|one|sub)?(?:\?([^?]*))?)?)?$/i.exec(text);
  if (parts === null) return undefined;
  try {
    const filter = decodeURIComponent(parts[3] ?? '');
    return {
      base: parseDn(decodeURIComponent(parts[1] ?? '')),
      scope: parts[2]?.toLowerCase() ?? 'base',
      filter: parseFilter(filter === '' ? '(objectClass=*)' : filter),
    };
  } catch (error) {
    if (error instanceof LdapTextError || error instanceof URIError) return undefined;
    throw error;
  }
}
