import { CONTROL_OID, type Control, findControl } from '@sallyport/ldap';
import type { Caller } from '../core/caller.ts';
import type { DirectoryEntry } from '../core/directory-entry.ts';
import type { DirectoryManner, MannerLimits } from '../core/directory-manner.ts';
import type { SearchJob } from '../core/search-job.ts';
import { addAdEntry } from './ad-add.ts';
import { bindAd } from './ad-bind.ts';
import { deleteAdEntry } from './ad-delete.ts';
import { answerDirSync } from './ad-dir-sync.ts';
import { AdDomain, type AdDomainOptions } from './ad-domain.ts';
import { adCandidates, adLinkTest, rewriteAdFilter } from './ad-filter.ts';
import { readNamedEntry } from './ad-links.ts';
import { modifyAdEntry } from './ad-modify.ts';
import { modifyAdDn } from './ad-modify-dn.ts';
import { answerNotification } from './ad-notification.ts';
import { readAdEntry, shownDn } from './ad-read.ts';
import { adRefusals } from './ad-refusals.ts';
import { readAdRootDse } from './ad-root-dse.ts';
import { setUpDomain } from './ad-setup.ts';
import { adValues } from './ad-values.ts';

/** Controls that change what is answered, and those that are taken and change nothing here. */
const supportedControls: ReadonlySet<string> = new Set([
  CONTROL_OID.pagedResults,
  CONTROL_OID.showDeleted,
  CONTROL_OID.showRecycled,
  CONTROL_OID.showDeactivatedLink,
  CONTROL_OID.dirSync,
  CONTROL_OID.treeDelete,
  CONTROL_OID.permissiveModify,
  CONTROL_OID.changeNotification,
  CONTROL_OID.extendedDn,
  CONTROL_OID.domainScope,
  CONTROL_OID.rangeOption,
  CONTROL_OID.rangeRetrievalNoError,
]);

export interface ActiveDirectory extends DirectoryManner {
  readonly domain: AdDomain;
}

/** A directory that behaves as one Active Directory domain controller does. */
export function makeActiveDirectory(
  options: AdDomainOptions & { readonly limits: MannerLimits },
): ActiveDirectory {
  const domain = new AdDomain(options);
  setUpDomain(domain);
  const manner: ActiveDirectory = {
    name: 'activeDirectory',
    domain,
    schema: domain.schema,
    store: domain.store,
    limits: options.limits,
    supportedControls,
    baseDn: options.baseDn,
    adminDn: `CN=Administrator,CN=Users,${options.baseDn}`,
    refusals: { badPageCookie: adRefusals.badControl, unsupportedControl: adRefusals.unsupportedControl },
    readRootDse: (selection) => readAdRootDse(domain, selection, supportedControls),
    bind: (name, password, secure) => bindAd(domain, name, password, secure),
    grant: (entry, rights) => domain.grant(entry, rights),
    add: (caller, dn, attributes) => addAdEntry(domain, caller, dn, attributes),
    modify: (caller, dn, changes, controls) =>
      modifyAdEntry(domain, caller, locate(domain, caller, dn, controls), changes, controls),
    modifyDn: (caller, dn, input, controls) =>
      modifyAdDn(domain, caller, locate(domain, caller, dn, controls), input),
    delete: (caller, dn, controls) =>
      deleteAdEntry(domain, caller, locate(domain, caller, dn, controls), controls),
    setPassword: (entry, password) => setPassword(domain, entry, password),
    locate: (caller, dn, controls) => locate(domain, caller, dn, controls),
    isVisible,
    assertMaySearch: (caller) => {
      if (!caller.rights.read && caller.entry === undefined) adRefusals.bindFirst();
      if (!caller.rights.read) adRefusals.noRight();
    },
    valuesOf: (entry, key) => adValues(domain, entry, key),
    read: (entry, selection) => readAdEntry(domain, entry, selection),
    shownDn,
    candidates: (filter) => adCandidates(domain, filter),
    linkTest: (filter) => adLinkTest(domain, filter),
    rewrite: rewriteAdFilter,
    // Each naming context is searched by itself: what lies in another one below is a referral with real servers.
    scopeOf: (base, scope) => (scope === 'one' ? base.children.values() : domain.store.subtree(base)),
    isInScope: (entry, base, scope) => {
      if (scope === 'base') return entry === base;
      if (scope === 'one') return entry.parent === base;
      return entry.isWithin(base);
    },
    specialSearch: (job: SearchJob) => {
      if (findControl(job.controls, CONTROL_OID.dirSync) !== undefined)
        return answerDirSync(domain, manner, job);
      if (findControl(job.controls, CONTROL_OID.changeNotification) !== undefined) {
        return answerNotification(domain, manner, job);
      }
      return undefined;
    },
  };
  return manner;
}

function locate(
  domain: AdDomain,
  caller: Caller,
  name: string,
  controls: readonly Control[],
): DirectoryEntry {
  const entry = readNamedEntry(domain, name);
  if (entry === undefined) {
    if (name.startsWith('<')) return adRefusals.noObject('');
    return domain.resolve(domain.parseName(name));
  }
  // What may not be seen is not there.
  if (!isVisible(caller, entry, controls)) return adRefusals.noObject(entry.context.dn);
  return entry;
}

function isVisible(caller: Caller, entry: DirectoryEntry, controls: readonly Control[]): boolean {
  if (entry.values('isdeleted').length === 0) return true;
  const isAsked = controls.some(
    ({ oid }) => oid === CONTROL_OID.showDeleted || oid === CONTROL_OID.showRecycled,
  );
  return isAsked && caller.rights.readDeleted;
}

function setPassword(domain: AdDomain, entry: DirectoryEntry, password: string): void {
  entry.password = password;
  const sequence = domain.store.nextSequence();
  domain.store.setValues(entry, 'pwdLastSet', [domain.fileTimeNow()], sequence);
  domain.store.commit('modify', entry, sequence);
}
