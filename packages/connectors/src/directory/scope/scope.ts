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

/** Which people a rule is about: below this base, passing this filter. */
export interface Scope {
  readonly base: Dn;
  /** The operator's own condition, without the dialect's idea of a person. */
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
  // Read as if it were not there, everybody below the base would be provisioned.
  if (settings.sourceGroupDn !== undefined)
    faults.push({
      key: 'SOURCE_GROUP_DN',
      message:
        'SOURCE_GROUP_DN cannot be kept to yet: take it off, and say the membership in USERS_LDAP_FILTER, such as (memberOf=CN=Staff,DC=corp,DC=example)',
    });
  attempt('USERS_LDAP_FILTER', settings.usersLdapFilter, parseFilter);
  attempt('GROUPS_LDAP_FILTER', settings.groupsLdapFilter, parseFilter);
  return faults;
}

/** Throws CodedError CONFIGURATION_INVALID naming every fault. */
export function makeScope(settings: InboundSettings, dialect: Dialect): Scope {
  const faults = scopeFaults(settings);
  if (faults.length > 0)
    throw new CodedError('CONFIGURATION_INVALID', faults.map((fault) => fault.message).join('; '), {
      details: faults.map((fault) => ({ code: 'INVALID_VALUE', target: fault.key, message: fault.message })),
    });
  const users = parseDn(settings.usersBaseDn);
  const base =
    settings.usersRelativeDn === undefined
      ? users
      : parseDn(`${settings.usersRelativeDn},${settings.usersBaseDn}`);
  const condition =
    settings.usersLdapFilter === undefined ? undefined : parseFilter(settings.usersLdapFilter);
  return {
    base,
    condition,
    filter: condition === undefined ? dialect.userFilter : and(dialect.userFilter, condition),
  };
}

export type ScopeVerdict = { readonly inScope: boolean; readonly clause: string };

/** Judges one entry as the server's search would: same filter, same matching rules. */
export type ScopeJudge = (entry: LazyEntry) => ScopeVerdict;

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
