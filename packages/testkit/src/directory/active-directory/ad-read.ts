import {
  type AttributeValues,
  CONTROL_OID,
  type Control,
  findControl,
  parseExtendedDnControl,
  printObjectGuid,
  readDn,
} from '@sallyport/ldap';
import { utf8 } from '../core/attribute-values.ts';
import type { DirectoryEntry } from '../core/directory-entry.ts';
import type { Selection } from '../core/directory-manner.ts';
import type { AttributeRule } from '../core/directory-schema.ts';
import type { AdDomain } from './ad-domain.ts';
import { adValues, extendedDn, linked } from './ad-values.ts';

/** Present beside the stored attributes of every entry, and part of `*`. */
const computedForAll = ['distinguishedName', 'whenChanged', 'uSNCreated', 'uSNChanged'] as const;

/** What a search shows of an entry: `*` has everything stored and linked, constructed attributes come by name only. */
export function readAdEntry(
  domain: AdDomain,
  entry: DirectoryEntry,
  selection: Selection,
): AttributeValues<Buffer>[] {
  const result: AttributeValues<Buffer>[] = [];
  const form = extendedForm(selection.controls);
  const asked = selection.attributes.length === 0 ? ['*'] : selection.attributes;
  const done = new Set<string>();
  for (const description of asked) {
    if (description === '*') {
      for (const rule of presentRules(domain, entry))
        addAttribute(domain, entry, rule, undefined, form, done, result);
      continue;
    }
    const [name = '', ...options] = description.split(';');
    const rule = domain.schema.attribute(name);
    if (rule === undefined || done.has(rule.key)) continue;
    const range = options.map(parseRange).find((parsed) => parsed !== undefined);
    addAttribute(domain, entry, rule, range, form, done, result);
  }
  if (!selection.typesOnly) return result;
  return result.map(({ type }) => ({ type, values: [] }));
}

interface RangeAsked {
  readonly low: number;
  /** Infinity for `*`. */
  readonly high: number;
}

function parseRange(option: string): RangeAsked | undefined {
  const match = /^range=(\d+)-(\d+|\*)$/i.exec(option);
  if (match === null) return undefined;
  return { low: Number(match[1]), high: match[2] === '*' ? Number.POSITIVE_INFINITY : Number(match[2]) };
}

function* presentRules(domain: AdDomain, entry: DirectoryEntry): Generator<AttributeRule, void, undefined> {
  for (const [key, stored] of entry.attributes) {
    const rule = stored.values.length > 0 ? domain.schema.attribute(key) : undefined;
    if (rule !== undefined) yield rule;
  }
  for (const name of computedForAll) yield domain.rule(name);
  for (const key of entry.links.keys()) yield domain.rule(key);
  for (const [key, sources] of entry.backLinks) {
    const linkId = domain.rule(key).linkId;
    const back = sources.size === 0 || linkId === undefined ? undefined : backLinkRule(domain, linkId + 1);
    if (back !== undefined) yield back;
  }
}

function backLinkRule(domain: AdDomain, linkId: number): AttributeRule | undefined {
  for (const rule of domain.schema.attributes) if (rule.linkId === linkId) return rule;
  return undefined;
}

function addAttribute(
  domain: AdDomain,
  entry: DirectoryEntry,
  rule: AttributeRule,
  range: RangeAsked | undefined,
  form: 'hex' | 'text' | undefined,
  done: Set<string>,
  result: AttributeValues<Buffer>[],
): void {
  if (done.has(rule.key)) return;
  done.add(rule.key);
  const values = shownValues(domain, entry, rule, form);
  if (values.length === 0) return;
  const { maxValRange } = domain.options;
  if (range === undefined && values.length <= maxValRange) {
    result.push({ type: rule.name, values });
    return;
  }
  // Too many for one answer: a bare name without values, and the first slice under a name that says so.
  if (range === undefined) result.push({ type: rule.name, values: [] });
  const low = range?.low ?? 0;
  if (low >= values.length) return;
  const high = Math.min(range?.high ?? Number.POSITIVE_INFINITY, low + maxValRange - 1);
  const reachesEnd = high >= values.length - 1;
  result.push({
    type: `${rule.name};range=${low}-${reachesEnd ? '*' : high}`,
    values: values.slice(low, high + 1),
  });
}

function shownValues(
  domain: AdDomain,
  entry: DirectoryEntry,
  rule: AttributeRule,
  form: 'hex' | 'text' | undefined,
): readonly Buffer[] {
  if (form === undefined || rule.syntax !== 'dn') return adValues(domain, entry, rule.key);
  if (rule.linkId !== undefined) {
    return Array.from(linked(domain, entry, rule.key, rule.linkId), (target) =>
      utf8(extendedDn(target, form, printObjectGuid)),
    );
  }
  return adValues(domain, entry, rule.key).map((value) => {
    const dn = readDn(value.toString());
    const target = dn === undefined ? undefined : domain.store.resolve(dn);
    return target === undefined ? value : utf8(extendedDn(target, form, printObjectGuid));
  });
}

export function extendedForm(controls: readonly Control[]): 'hex' | 'text' | undefined {
  const control = findControl(controls, CONTROL_OID.extendedDn);
  return control === undefined ? undefined : parseExtendedDnControl(control);
}

/** The name an entry goes out under. */
export function shownDn(entry: DirectoryEntry, controls: readonly Control[]): string {
  const form = extendedForm(controls);
  return form === undefined ? entry.dn : extendedDn(entry, form, printObjectGuid);
}
