import {
  and,
  attributesOf,
  canEvaluate,
  compileFilter,
  type Dn,
  explainFilter,
  type Filter,
  type LazyEntry,
  LdapTextError,
  parseDn,
  parseFilter,
  printFilter,
  readDn,
  type Schema,
} from '@sallyport/ldap';
import { CodedError, type ConfigurationFault, type InboundSettings } from '@sallyport/model';
import type { Dialect } from '../dialect/dialect.ts';

/** Which people, or which groups, a rule is about: below this base, passing this filter. */
export interface Scope {
  readonly base: Dn;
  /** The operator's own condition, without the dialect's idea of a person or a group. */
  readonly condition: Filter | undefined;
  /** What a search sends. */
  readonly filter: Filter;
}

/** Every fault in the places and filters of an inbound rule; empty if they can be used. Needs no directory. */
export function scopeFaults(settings: InboundSettings): readonly ConfigurationFault[] {
  const faults: ConfigurationFault[] = [];
  const attempt = (key: string, text: string | undefined, parse: (text: string) => unknown): void => {
    if (text === undefined) return;
    try {
      parse(text);
    } catch (error) {
      if (!(error instanceof LdapTextError)) throw error;
      faults.push({ key, message: error.message });
    }
  };
  attempt('USERS_BASE_DN', settings.usersBaseDn === '' ? undefined : settings.usersBaseDn, parseDn);
  attempt('USERS_RELATIVE_DN', settings.usersRelativeDn, parseDn);
  attempt('GROUPS_RELATIVE_DN', settings.groupsRelativeDn, parseDn);
  attempt('SOURCE_GROUP_DN', settings.sourceGroupDn, parseDn);
  attempt('USERS_LDAP_FILTER', settings.usersLdapFilter, parseFilter);
  attempt('GROUPS_LDAP_FILTER', settings.groupsLdapFilter, parseFilter);
  return faults;
}

/** What a rule is about. People may have to belong to a group besides: see `source-group.ts`. */
export interface RuleScope {
  readonly users: Scope;
  readonly groups: Scope;
}

/** Throws CodedError CONFIGURATION_INVALID naming every fault. */
export function makeScope(settings: InboundSettings, dialect: Dialect): RuleScope {
  const faults = scopeFaults(settings);
  if (faults.length > 0)
    throw new CodedError('CONFIGURATION_INVALID', faults.map((fault) => fault.message).join('; '), {
      details: faults.map((fault) => ({ code: 'INVALID_VALUE', target: fault.key, message: fault.message })),
    });
  const scope = (relativeDn: string | undefined, filterText: string | undefined, kind: Filter): Scope => {
    const condition = filterText === undefined ? undefined : parseFilter(filterText);
    return {
      base: parseDn(
        relativeDn === undefined ? settings.usersBaseDn : `${relativeDn},${settings.usersBaseDn}`,
      ),
      condition,
      filter: condition === undefined ? kind : and(kind, condition),
    };
  };
  return {
    users: scope(settings.usersRelativeDn, settings.usersLdapFilter, dialect.userFilter),
    groups: scope(settings.groupsRelativeDn, settings.groupsLdapFilter, dialect.groupFilter),
  };
}

export type ScopeVerdict = { readonly inScope: boolean; readonly clause: string };

/** Judges one entry as the server's search would: same filter, same matching rules. */
export type ScopeJudge = (entry: LazyEntry) => ScopeVerdict;

/** Whether the object classes of an entry, which have to be among what was read, say that it is one of these. */
export function makeClassTest(filter: Filter, schema: Schema): (entry: LazyEntry) => boolean {
  const matches = compileFilter(filter, schema);
  return (entry) => matches({ dn: entry.dn, values: (name) => entry.allBytes(name) });
}

/** Undefined if only the server can evaluate this filter (in-chain rules, short names): ask it by key then. */
export function makeScopeJudge(scope: Scope, dialect: Dialect, schema: Schema): ScopeJudge | undefined {
  const serverOnly = attributesOf(scope.filter).some((name) =>
    dialect.serverOnlyAttributes.has(name.toLowerCase()),
  );
  if (serverOnly || !canEvaluate(scope.filter, schema)) return undefined;
  const matches = compileFilter(scope.filter, schema);
  return (entry) => {
    const seen = { dn: entry.dn, values: (name: string) => entry.allBytes(name) };
    const dn = readDn(entry.dn);
    if (dn === undefined || !dn.isWithin(scope.base))
      return { inScope: false, clause: `${entry.dn} is not below ${scope.base.toString()}` };
    if (matches(seen))
      return {
        inScope: true,
        clause: `below ${scope.base.toString()} and matches ${printFilter(scope.filter)}`,
      };
    return { inScope: false, clause: explainFilter(scope.filter, schema, seen).because };
  };
}
