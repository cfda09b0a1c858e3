import type { AttributeValues } from '@sallyport/ldap';
import { utf8 } from '../core/attribute-values.ts';
import type { Selection } from '../core/directory-manner.ts';
import type { AdDomain } from './ad-domain.ts';

/** The root DSE ([MS-ADTS] 3.1.1.3.2): all of it is shown without being asked for. */
export function readAdRootDse(
  domain: AdDomain,
  selection: Selection,
  supportedControls: Iterable<string>,
): AttributeValues<Buffer>[] {
  const server = domain.ntdsSettings.parent?.dn ?? '';
  const host = `dc1.${domain.dnsName}`;
  const all: readonly (readonly [string, readonly string[]])[] = [
    ['objectClass', ['top']],
    ['currentTime', [domain.generalizedTime(domain.store.nowMs()).toString()]],
    ['subschemaSubentry', [`CN=Aggregate,${domain.schemaContainer.dn}`]],
    ['dsServiceName', [domain.ntdsSettings.dn]],
    ['namingContexts', [domain.head.dn, domain.configuration.dn, domain.schemaContainer.dn]],
    ['defaultNamingContext', [domain.head.dn]],
    ['schemaNamingContext', [domain.schemaContainer.dn]],
    ['configurationNamingContext', [domain.configuration.dn]],
    ['rootDomainNamingContext', [domain.head.dn]],
    ['supportedControl', [...supportedControls]],
    ['supportedLDAPVersion', ['3', '2']],
    // StartTLS, fast bind, who am I, password modify is not there
    ['supportedExtension', ['1.3.6.1.4.1.1466.20037', '1.3.6.1.4.1.4203.1.11.3']],
    [
      'supportedCapabilities',
      // AD, AD since 2000, LDAP integration, 2003, 2008, 2012
      ['800', '1670', '1791', '1935', '2080', '2237'].map((last) => `1.2.840.113556.1.4.${last}`),
    ],
    ['highestCommittedUSN', [String(domain.store.sequence)]],
    ['supportedSASLMechanisms', []],
    ['dnsHostName', [host]],
    ['ldapServiceName', [`${domain.dnsName}:dc1$@${domain.dnsName.toUpperCase()}`]],
    ['serverName', [server]],
    ['isSynchronized', ['TRUE']],
    ['isGlobalCatalogReady', ['TRUE']],
    ['domainFunctionality', ['7']],
    ['forestFunctionality', ['7']],
    ['domainControllerFunctionality', ['7']],
  ];
  const asked = new Set(selection.attributes.map((name) => name.toLowerCase()));
  const wantsAll = asked.size === 0 || asked.has('*') || asked.has('+');
  return all
    .filter(([name, values]) => values.length > 0 && (wantsAll || asked.has(name.toLowerCase())))
    .map(([type, values]) => ({ type, values: selection.typesOnly ? [] : values.map(utf8) }));
}
