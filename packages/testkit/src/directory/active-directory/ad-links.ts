import { type Modification, parseExtendedDn, parseObjectGuid, parseSid, readDn } from '@sallyport/ldap';
import type { DirectoryEntry } from '../core/directory-entry.ts';
import type { AttributeRule } from '../core/directory-schema.ts';
import type { AdDomain } from './ad-domain.ts';
import { adRefusals, adValueFaults } from './ad-refusals.ts';

/** What a modify will do to the links of one attribute; applied only when the whole request has been accepted. */
export interface LinkPlan {
  readonly key: string;
  /** true = present afterwards. */
  readonly wanted: Map<DirectoryEntry, boolean>;
}

export function isForwardLink(rule: AttributeRule): boolean {
  return rule.linkId !== undefined && rule.linkId % 2 === 0;
}

/** Works one change of a linked attribute into the plan. */
export function planLinks(
  domain: AdDomain,
  entry: DirectoryEntry,
  rule: AttributeRule,
  change: Modification<Buffer>,
  plan: LinkPlan,
  permissive: boolean,
): void {
  const isPresent = (target: DirectoryEntry) =>
    plan.wanted.get(target) ?? entry.links.get(rule.key)?.get(target)?.present ?? false;
  const isMember = rule.key === 'member';
  switch (change.operation) {
    case 'add':
      for (const target of change.values.map((value) => linkTarget(domain, value))) {
        if (isPresent(target) && !permissive) {
          if (isMember) adRefusals.alreadyMember();
          adValueFaults.valueExists(rule);
        }
        plan.wanted.set(target, true);
      }
      break;
    case 'delete':
      if (change.values.length === 0) {
        clear(entry, rule, plan);
        break;
      }
      for (const value of change.values) {
        const target = readLinkTarget(domain, value);
        if (target !== undefined && isPresent(target)) plan.wanted.set(target, false);
        else if (!permissive) {
          if (isMember) adRefusals.notMember();
          adValueFaults.noSuchValue(rule);
        }
      }
      break;
    case 'replace':
      clear(entry, rule, plan);
      for (const value of change.values) plan.wanted.set(linkTarget(domain, value), true);
      break;
    case 'increment':
      adValueFaults.badSyntax(rule);
  }
  if (rule.singleValued && countAfter(entry, plan) > 1) adValueFaults.notSingle(rule);
}

/** Applies a plan. @returns whether anything changed */
export function applyLinks(
  domain: AdDomain,
  entry: DirectoryEntry,
  plan: LinkPlan,
  sequence: () => number,
): boolean {
  let changed = false;
  for (const [target, present] of plan.wanted) {
    const current = entry.links.get(plan.key)?.get(target)?.present ?? false;
    if (current === present) continue;
    domain.store.setLink(entry, plan.key, target, { present, sequence: sequence() });
    changed = true;
  }
  return changed;
}

export function linkTarget(domain: AdDomain, value: Buffer): DirectoryEntry {
  const target = readLinkTarget(domain, value);
  if (target !== undefined) return target;
  const dn = domain.parseName(parseExtendedDn(value.toString()).dn);
  return adRefusals.noObject(domain.store.nearest(dn).entry?.dn ?? '');
}

/** By name, or by `<GUID=…>` or `<SID=…>`. */
export function readLinkTarget(domain: AdDomain, value: Buffer): DirectoryEntry | undefined {
  return readNamedEntry(domain, value.toString());
}

/** The entry a name means: a DN, `<GUID=…>` or `<SID=…>` ([MS-ADTS] 3.1.1.3.1.2.4). */
export function readNamedEntry(domain: AdDomain, name: string): DirectoryEntry | undefined {
  if (name.startsWith('<')) {
    const { guid, sid, dn } = parseExtendedDn(name);
    if (guid !== undefined) return domain.store.find('objectguid', parseObjectGuid(guid))[0];
    if (sid !== undefined) return domain.store.find('objectsid', parseSid(sid))[0];
    return dn === '' ? undefined : readNamedEntry(domain, dn);
  }
  const dn = readDn(name);
  return dn === undefined ? undefined : domain.store.resolve(dn);
}

function clear(entry: DirectoryEntry, rule: AttributeRule, plan: LinkPlan): void {
  for (const target of entry.linkTargets(rule.key)) plan.wanted.set(target, false);
  for (const target of plan.wanted.keys()) plan.wanted.set(target, false);
}

function countAfter(entry: DirectoryEntry, plan: LinkPlan): number {
  let count = 0;
  for (const target of entry.linkTargets(plan.key)) if (!plan.wanted.has(target)) count += 1;
  for (const present of plan.wanted.values()) if (present) count += 1;
  return count;
}
