import { randomBytes } from 'node:crypto';
import type { AttributeValues, Dn, Rdn } from '@sallyport/ldap';
import { assertValues, utf8 } from '../core/attribute-values.ts';
import type { Caller } from '../core/caller.ts';
import type { DirectoryEntry } from '../core/directory-entry.ts';
import type { AttributeRule, ClassRule } from '../core/directory-schema.ts';
import {
  acceptAccountControl,
  acceptPasswordLastSet,
  accountTypeOf,
  assertAccountName,
  assertPrincipalName,
  newAccountControl,
  readUnicodePassword,
} from './ad-accounts.ts';
import type { AdDomain } from './ad-domain.ts';
import { isForwardLink, linkTarget } from './ad-links.ts';
import { adRefusals, adValueFaults } from './ad-refusals.ts';

/** The server sets these; a client that sends them with the right value is let pass, as real servers do. */
const toleratedOnAdd: ReadonlySet<string> = new Set([
  'distinguishedname',
  'instancetype',
  'name',
  'objectclass',
]);
/** Lists that many entries share. */
const never = [utf8('9223372036854775807')];
const zeroValue = utf8('0');
const zero = [zeroValue];
const liveObject = [utf8('4')];
const domainUsers = [utf8('513')];
const domainComputers = [utf8('515')];
const globalSecurityGroup = [utf8('-2147483646')];
const newUser = [utf8(String(newAccountControl))];

interface Draft {
  readonly classRule: ClassRule;
  /** Plain attributes. */
  readonly values: Map<string, { readonly rule: AttributeRule; readonly values: readonly Buffer[] }>;
  readonly links: { readonly rule: AttributeRule; readonly targets: readonly DirectoryEntry[] }[];
  password: string | undefined;
}

/** Adds an entry ([MS-ADTS] 3.1.1.5.2). Nothing is stored unless all of it is acceptable. */
export function addAdEntry(
  domain: AdDomain,
  caller: Caller,
  dn: Dn,
  attributes: readonly AttributeValues<Buffer>[],
): DirectoryEntry {
  domain.assertMayWrite(caller);
  const { rdn, parent: parentDn } = dn;
  if (rdn === undefined || parentDn === undefined) return adRefusals.namingViolation();
  const parent = domain.resolve(parentDn);
  if (domain.isTombstone(parent)) adRefusals.noObject(parent.context.dn);
  if (parent.children.has(rdn.normal) || domain.store.resolve(dn) !== undefined) adRefusals.entryExists();
  const draft = readDraft(domain, caller, attributes);
  assertPlace(domain, draft.classRule, rdn, parent);
  completeNames(domain, draft, rdn);
  completeAccount(domain, caller, draft);
  assertClass(domain, draft.classRule, [...draft.values.keys(), ...draft.links.map((link) => link.rule.key)]);
  return store(domain, draft, parent, rdn);
}

export function assertPlace(domain: AdDomain, classRule: ClassRule, rdn: Rdn, parent: DirectoryEntry): void {
  const expected = rdnTypeOf(classRule);
  if (rdn.avas.length !== 1 || domain.schema.attribute(rdn.type)?.key !== expected)
    adRefusals.namingViolation();
  const parentClass = parent.values('objectclass').at(-1)?.toString().toLowerCase();
  const parentRule = parentClass === undefined ? undefined : domain.schema.objectClass(parentClass);
  const lineage = parentRule?.chain.map((name) => name.toLowerCase()) ?? [];
  if (classRule.under !== undefined && !lineage.some((name) => classRule.under?.has(name)))
    adRefusals.namingViolation();
}

function rdnTypeOf(classRule: ClassRule): string {
  const lineage = classRule.chain.map((name) => name.toLowerCase());
  if (lineage.includes('organizationalunit')) return 'ou';
  if (lineage.includes('organization')) return 'o';
  if (lineage.includes('country')) return 'c';
  if (lineage.includes('locality')) return 'l';
  return lineage.includes('domain') ? 'dc' : 'cn';
}

/** Refuses attributes that no class of the entry has, and missing ones that it must have. */
export function assertClass(domain: AdDomain, classRule: ClassRule, keys: readonly string[]): void {
  const present = new Set(keys);
  for (const key of present)
    if (!classRule.must.has(key) && !classRule.may.has(key)) adRefusals.classViolation();
  for (const key of classRule.must) {
    // The server itself provides what only it may set, and these two.
    if (present.has(key) || key === 'objectcategory' || key === 'objectsid' || key === 'ntsecuritydescriptor')
      continue;
    if (domain.schema.attribute(key)?.systemOnly === true) continue;
    adRefusals.classViolation();
  }
}

function readDraft(domain: AdDomain, caller: Caller, attributes: readonly AttributeValues<Buffer>[]): Draft {
  const classValues =
    attributes.find((attribute) => attribute.type.toLowerCase() === 'objectclass')?.values ?? [];
  const draft: Draft = {
    classRule: readClass(domain, classValues),
    values: new Map(),
    links: [],
    password: undefined,
  };
  for (const { type, values } of attributes) {
    const rule = domain.rule(type);
    if (rule.systemOnly && !caller.trusted && !toleratedOnAdd.has(rule.key)) adRefusals.systemOnly(rule);
    if (rule.key === 'objectclass' || rule.key === 'distinguishedname' || rule.constructed) continue;
    if (rule.key === 'usnchanged' || rule.key === 'usncreated' || rule.key === 'whenchanged') continue;
    if (rule.linkId !== undefined) {
      if (!isForwardLink(rule)) {
        if (caller.trusted) continue; // an export names both sides; the other side makes this one
        adRefusals.systemOnly(rule);
      }
      const targets = [...new Set(values.map((value) => linkTarget(domain, value)))];
      if (rule.singleValued && targets.length > 1) adValueFaults.notSingle(rule);
      draft.links.push({ rule, targets });
      continue;
    }
    if (rule.key === 'unicodepwd') {
      const name = textOf(attributes, 'samaccountname') ?? '';
      draft.password = readUnicodePassword(domain, caller, values[0] ?? Buffer.alloc(0), name);
      continue;
    }
    assertValues(rule, values, adValueFaults);
    if (values.length === 0) adValueFaults.badSyntax(rule);
    draft.values.set(rule.key, { rule, values });
  }
  return draft;
}

/** The structural class that is lowest; auxiliary ones beside it are taken but not kept apart. */
function readClass(domain: AdDomain, values: readonly Buffer[]): ClassRule {
  const rules = values.map(
    (value) => domain.schema.objectClass(value.toString()) ?? adRefusals.classViolation(),
  );
  const structural = rules.filter((rule) => rule.kind === 'STRUCTURAL');
  const lowest = structural.find((rule) => structural.every((other) => rule.chain.includes(other.name)));
  return lowest ?? adRefusals.classViolation();
}

function completeNames(domain: AdDomain, draft: Draft, rdn: Rdn): void {
  const rule = domain.rule(rdn.type);
  const given = draft.values.get(rule.key)?.values;
  const value = utf8(rdn.value);
  if (
    given !== undefined &&
    !given.some((item) => item.toString().toLowerCase() === rdn.value.toLowerCase())
  ) {
    adRefusals.namingViolation();
  }
  draft.values.set(rule.key, { rule, values: given ?? [value] });
  setDefault(domain, draft, 'name', [value]);
  setDefault(domain, draft, 'instanceType', liveObject);
  const { category } = draft.classRule;
  if (category !== undefined) setDefault(domain, draft, 'objectCategory', categoryValues(domain, category));
}

const categories = new WeakMap<AdDomain, Map<string, readonly Buffer[]>>();

/** One list a category: a hundred thousand entries share it. */
export function categoryValues(domain: AdDomain, category: string): readonly Buffer[] {
  const known = categories.get(domain) ?? new Map<string, readonly Buffer[]>();
  categories.set(domain, known);
  const values = known.get(category) ?? [utf8(`CN=${category},${domain.schemaContainer.dn}`)];
  known.set(category, values);
  return values;
}

function completeAccount(domain: AdDomain, caller: Caller, draft: Draft): void {
  const lineage = draft.classRule.chain;
  const isGroup = lineage.includes('group');
  const isUser = lineage.includes('user');
  if (!isGroup && !isUser) return;
  // Windows Server 2003 and later make a name up if none is given.
  if (!draft.values.has('samaccountname')) {
    set(domain, draft, 'sAMAccountName', [utf8(`$${randomBytes(8).toString('hex').toUpperCase()}`)]);
  }
  assertAccountName(
    domain,
    undefined,
    text(draft, 'samaccountname'),
    isGroup || lineage.includes('computer'),
  );
  setDefault(domain, draft, 'objectSid', [domain.nextSid()]);
  if (isGroup) {
    setDefault(domain, draft, 'groupType', globalSecurityGroup);
    setDefault(domain, draft, 'sAMAccountType', [accountTypeOf(true, Number(text(draft, 'grouptype')))]);
    return;
  }
  if (draft.values.has('userprincipalname'))
    assertPrincipalName(domain, undefined, text(draft, 'userprincipalname'));
  setDefault(domain, draft, 'userAccountControl', newUser);
  const control = draft.values.get('useraccountcontrol')?.values[0] ?? zeroValue;
  const accepted = caller.trusted ? control : acceptAccountControl(control, draft.password);
  if (accepted !== control) set(domain, draft, 'userAccountControl', [accepted]);
  setDefault(domain, draft, 'sAMAccountType', [accountTypeOf(false, Number(accepted.toString()))]);
  setDefault(domain, draft, 'primaryGroupID', lineage.includes('computer') ? domainComputers : domainUsers);
  const lastSet = draft.values.get('pwdlastset')?.values[0];
  if (lastSet === undefined)
    set(domain, draft, 'pwdLastSet', draft.password === undefined ? zero : [domain.fileTimeNow()]);
  else if (!caller.trusted) set(domain, draft, 'pwdLastSet', [acceptPasswordLastSet(domain, lastSet)]);
  setDefault(domain, draft, 'accountExpires', never);
  for (const name of [
    'badPwdCount',
    'badPasswordTime',
    'codePage',
    'countryCode',
    'lastLogon',
    'lastLogoff',
    'logonCount',
  ]) {
    setDefault(domain, draft, name, zero);
  }
}

const classLists = new Map<string, readonly Buffer[]>();

/** One list a class, shared by its entries: filters on objectClass are answered once per list. */
export function classValues(classRule: ClassRule): readonly Buffer[] {
  const known = classLists.get(classRule.key);
  if (known !== undefined) return known;
  const values = classRule.chain.map(utf8);
  classLists.set(classRule.key, values);
  return values;
}

function store(domain: AdDomain, draft: Draft, parent: DirectoryEntry, rdn: Rdn): DirectoryEntry {
  const entry = domain.store.create(parent, rdn);
  const sequence = domain.store.nextSequence();
  setDefault(domain, draft, 'objectGUID', [domain.newGuid()]);
  setDefault(domain, draft, 'whenCreated', [domain.generalizedTime(domain.store.nowMs())]);
  domain.store.setValues(entry, 'objectClass', classValues(draft.classRule), sequence);
  for (const { rule, values } of draft.values.values())
    domain.store.setValues(entry, rule.name, values, sequence);
  for (const { rule, targets } of draft.links) {
    for (const target of targets) domain.store.setLink(entry, rule.key, target, { present: true, sequence });
  }
  entry.password = draft.password;
  domain.store.commit('add', entry, sequence);
  return entry;
}

function setDefault(domain: AdDomain, draft: Draft, name: string, values: readonly Buffer[]): void {
  if (!draft.values.has(name.toLowerCase())) set(domain, draft, name, values);
}

function set(domain: AdDomain, draft: Draft, name: string, values: readonly Buffer[]): void {
  const rule = domain.rule(name);
  draft.values.set(rule.key, { rule, values });
}

function text(draft: Draft, key: string): string {
  return draft.values.get(key)?.values[0]?.toString() ?? '';
}

function textOf(attributes: readonly AttributeValues<Buffer>[], key: string): string | undefined {
  return attributes.find((attribute) => attribute.type.toLowerCase() === key)?.values[0]?.toString();
}
