import { CONTROL_OID, type Control, type Modification } from '@sallyport/ldap';
import { assertValues, changeValues, sameValues } from '../core/attribute-values.ts';
import type { Caller } from '../core/caller.ts';
import type { DirectoryEntry } from '../core/directory-entry.ts';
import type { AttributeRule } from '../core/directory-schema.ts';
import {
  acceptAccountControl,
  acceptPasswordLastSet,
  accountTypeOf,
  assertAccountName,
  assertPrincipalName,
  readUnicodePassword,
} from './ad-accounts.ts';
import type { AdDomain } from './ad-domain.ts';
import { applyLinks, isForwardLink, type LinkPlan, planLinks } from './ad-links.ts';
import { planPrimaryGroup } from './ad-primary-group.ts';
import { isReanimation, reanimate } from './ad-reanimate.ts';
import { adRefusals, adValueFaults } from './ad-refusals.ts';

interface ModifyPlan {
  readonly values: Map<string, { readonly rule: AttributeRule; readonly values: readonly Buffer[] }>;
  readonly links: Map<string, LinkPlan>;
  password: string | undefined;
}

/** Changes an entry ([MS-ADTS] 3.1.1.5.3): the whole request or nothing. */
export function modifyAdEntry(
  domain: AdDomain,
  caller: Caller,
  entry: DirectoryEntry,
  changes: readonly Modification<Buffer>[],
  controls: readonly Control[],
): void {
  if (domain.isTombstone(entry)) {
    domain.assertMayWrite(caller);
    if (!isReanimation(changes)) adRefusals.systemObject();
    reanimate(domain, entry, changes);
    return;
  }
  if (!isOwnPasswordChange(caller, entry, changes)) domain.assertMayWrite(caller);
  const permissive = controls.some((control) => control.oid === CONTROL_OID.permissiveModify);
  const plan: ModifyPlan = { values: new Map(), links: new Map(), password: entry.password };
  const passwordChanges: Modification<Buffer>[] = [];
  for (const change of changes) {
    const rule = domain.rule(change.type);
    if (rule.key === 'unicodepwd') passwordChanges.push(change);
    else planChange(domain, caller, entry, rule, change, plan, permissive);
  }
  if (passwordChanges.length > 0) planPassword(domain, caller, entry, passwordChanges, plan);
  finishPlan(domain, caller, entry, plan);
  const primary = plan.values.get('primarygroupid');
  const swapGroups = primary && planPrimaryGroup(domain, entry, primary.values[0]);
  apply(domain, entry, plan);
  swapGroups?.();
}

function planChange(
  domain: AdDomain,
  caller: Caller,
  entry: DirectoryEntry,
  rule: AttributeRule,
  change: Modification<Buffer>,
  plan: ModifyPlan,
  permissive: boolean,
): void {
  if (rule.constructed || (rule.systemOnly && !caller.trusted && rule.key !== 'objectclass'))
    adRefusals.systemOnly(rule);
  if (rule.key === domain.schema.attribute(entry.rdn.type)?.key || rule.key === 'name') adRefusals.onRdn();
  if (isForwardLink(rule)) {
    const links = plan.links.get(rule.key) ?? { key: rule.key, wanted: new Map<DirectoryEntry, boolean>() };
    plan.links.set(rule.key, links);
    planLinks(domain, entry, rule, change, links, permissive);
    return;
  }
  if (rule.linkId !== undefined) adRefusals.systemOnly(rule);
  const current = plan.values.get(rule.key)?.values ?? entry.values(rule.key);
  const values = changeValues(rule, current, change, permissive, adValueFaults);
  assertValues(rule, values, adValueFaults);
  plan.values.set(rule.key, { rule, values });
}

/** A reset is one replace; a change removes the old password and adds the new one in the same request. */
function planPassword(
  domain: AdDomain,
  caller: Caller,
  entry: DirectoryEntry,
  changes: readonly Modification<Buffer>[],
  plan: ModifyPlan,
): void {
  const rule = domain.rule('unicodePwd');
  if (!caller.secure) adRefusals.needsEncryption();
  const removed = changes.find((change) => change.operation === 'delete');
  const added = changes.find((change) => change.operation !== 'delete')?.values[0];
  if (added === undefined) throw adRefusals.needsPassword();
  if (removed !== undefined) {
    const old = removed.values[0]?.toString('utf16le').slice(1, -1);
    if (old !== entry.password) adRefusals.wrongOldPassword(rule);
  } else if (!caller.rights.write && !caller.trusted) adRefusals.noRight();
  plan.password = readUnicodePassword(domain, caller, added, entry.text('samaccountname') ?? '');
  const lastSet = domain.rule('pwdLastSet');
  if (!plan.values.has(lastSet.key))
    plan.values.set(lastSet.key, { rule: lastSet, values: [domain.fileTimeNow()] });
}

function finishPlan(domain: AdDomain, caller: Caller, entry: DirectoryEntry, plan: ModifyPlan): void {
  const classRule = domain.schema.objectClass(entry.values('objectclass').at(-1)?.toString() ?? 'top');
  const isGroup = classRule?.chain.includes('group') === true;
  for (const { rule, values } of [...plan.values.values()]) {
    const [first] = values;
    switch (rule.key) {
      case 'samaccountname':
        if (first === undefined) adRefusals.classViolation();
        else assertAccountName(domain, entry, first.toString(), isGroup || classRule?.key === 'computer');
        break;
      case 'userprincipalname':
        if (first !== undefined) assertPrincipalName(domain, entry, first.toString());
        break;
      case 'useraccountcontrol': {
        if (first === undefined) throw adRefusals.classViolation();
        const accepted = caller.trusted ? first : acceptAccountControl(first, plan.password);
        plan.values.set(rule.key, { rule, values: [accepted] });
        break;
      }
      case 'pwdlastset':
        if (first !== undefined && plan.password === entry.password && !caller.trusted) {
          plan.values.set(rule.key, { rule, values: [acceptPasswordLastSet(domain, first)] });
        }
        break;
      case 'grouptype': {
        const type = domain.rule('sAMAccountType');
        plan.values.set(type.key, {
          rule: type,
          values: [accountTypeOf(true, Number(first?.toString() ?? '0'))],
        });
        break;
      }
      case 'objectclass':
        adRefusals.classViolation();
    }
  }
  if (classRule === undefined || caller.trusted) return;
  for (const [key, { values }] of plan.values) {
    if (values.length === 0 && classRule.must.has(key)) adRefusals.classViolation();
  }
  for (const key of [...plan.values.keys(), ...plan.links.keys()]) {
    if (!classRule.may.has(key) && !classRule.must.has(key)) adRefusals.classViolation();
  }
}

function apply(domain: AdDomain, entry: DirectoryEntry, plan: ModifyPlan): void {
  let sequence = 0;
  const next = () => {
    if (sequence === 0) sequence = domain.store.nextSequence();
    return sequence;
  };
  for (const { rule, values } of plan.values.values()) {
    // A value replaced by itself is no change: nothing to replicate, uSNChanged stays.
    if (sameValues(entry.values(rule.key), values)) continue;
    domain.store.setValues(entry, rule.name, values, next());
  }
  for (const links of plan.links.values()) applyLinks(domain, entry, links, next);
  entry.password = plan.password;
  if (sequence > 0) domain.store.commit('modify', entry, sequence);
}

/** Everybody may change their own password, with the old one ("Change password" granted to SELF). */
function isOwnPasswordChange(
  caller: Caller,
  entry: DirectoryEntry,
  changes: readonly Modification<Buffer>[],
): boolean {
  return (
    caller.entry === entry &&
    changes.length === 2 &&
    changes.every((change) => change.type.toLowerCase() === 'unicodepwd' && change.operation !== 'replace')
  );
}
