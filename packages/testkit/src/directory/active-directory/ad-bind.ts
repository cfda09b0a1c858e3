import { isDisabled, readDn } from '@sallyport/ldap';
import { utf8 } from '../core/attribute-values.ts';
import { anonymousCaller, type Caller } from '../core/caller.ts';
import type { DirectoryEntry } from '../core/directory-entry.ts';
import type { AdDomain } from './ad-domain.ts';
import { adRefusals } from './ad-refusals.ts';

/**
 * A simple bind by DN, user principal name or `DOMAIN\account` ([MS-ADTS] 5.1.1.1.1). A name with an empty password is
 * taken as anonymous and succeeds: RFC 4513 §5.1.2, and the trap it warns of.
 */
export function bindAd(domain: AdDomain, name: string, password: string, secure: boolean): Caller {
  if (name === '' || password === '') return anonymousCaller(secure);
  const entry = findAccount(domain, name);
  if (entry === undefined || domain.isTombstone(entry)) return adRefusals.badCredentials('525');
  if (entry.password !== password) return adRefusals.badCredentials('52e');
  if (isDisabled(Number(entry.text('useraccountcontrol') ?? '0'))) return adRefusals.badCredentials('533');
  if ((entry.text('lockouttime') ?? '0') !== '0') return adRefusals.badCredentials('775');
  const expires = BigInt(entry.text('accountexpires') ?? '0');
  if (expires !== 0n && expires < BigInt(domain.fileTimeNow().toString()))
    return adRefusals.badCredentials('701');
  if (entry.text('pwdlastset') === '0') return adRefusals.badCredentials('773');
  return { entry, rights: domain.rightsOf(entry), secure, trusted: false };
}

function findAccount(domain: AdDomain, name: string): DirectoryEntry | undefined {
  const [first, second] = name.split('\\');
  if (second !== undefined && !name.includes('=')) {
    return first?.toUpperCase() === domain.netbiosName ? byAccountName(domain, second) : undefined;
  }
  const dn = name.includes('=') ? readDn(name) : undefined;
  if (dn !== undefined) return domain.store.resolve(dn);
  const [byPrincipalName] = domain.store.find('userprincipalname', utf8(name));
  if (byPrincipalName !== undefined) return byPrincipalName;
  // account@domain works for everybody, whatever their userPrincipalName says
  const [account, suffix] = name.split('@');
  return account !== undefined && suffix?.toLowerCase() === domain.dnsName
    ? byAccountName(domain, account)
    : undefined;
}

function byAccountName(domain: AdDomain, account: string): DirectoryEntry | undefined {
  return domain.store.find('samaccountname', utf8(account)).find((entry) => !domain.isTombstone(entry));
}
