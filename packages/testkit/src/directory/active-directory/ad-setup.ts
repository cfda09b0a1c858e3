import { parseDn } from '@sallyport/ldap';
import { utf8 } from '../core/attribute-values.ts';
import { testCaller } from '../core/caller.ts';
import type { DirectoryEntry } from '../core/directory-entry.ts';
import { addAdEntry, categoryValues, classValues } from './ad-add.ts';
import type { AdDomain } from './ad-domain.ts';
import { domainRelativeSid } from './ad-values.ts';

/** A used domain does not begin at 1: tests must not depend on small numbers. */
const firstSequence = 12_000;

/** Makes what every new domain has: naming contexts, well-known containers, the administrator, the domain controller. */
export function setUpDomain(domain: AdDomain): void {
  domain.store.skipSequenceTo(firstSequence);
  const { head, configuration, schemaContainer } = domain;
  makeHead(domain, head, 'domainDNS', { objectSid: domainSidBytes(domain) });
  makeHead(domain, configuration, 'configuration', {});
  makeHead(domain, schemaContainer, 'dMD', {});
  for (const context of [head, configuration]) makeDeletedObjects(domain, context);
  const add = (dn: string, objectClass: string, values: Readonly<Record<string, string | Buffer>> = {}) =>
    addAdEntry(domain, testCaller, parseDn(dn), [
      { type: 'objectClass', values: [utf8(objectClass)] },
      ...Object.entries(values).map(([type, value]) => ({
        type,
        values: [typeof value === 'string' ? utf8(value) : value],
      })),
    ]);
  const critical = { isCriticalSystemObject: 'TRUE' };
  for (const name of ['Users', 'Computers', 'System', 'ForeignSecurityPrincipals'])
    add(`CN=${name},${head.dn}`, 'container', critical);
  add(`CN=Builtin,${head.dn}`, 'builtinDomain', critical);
  add(`CN=LostAndFound,${head.dn}`, 'lostAndFound', critical);
  add(`OU=Domain Controllers,${head.dn}`, 'organizationalUnit', critical);
  const computer = add(`CN=DC1,OU=Domain Controllers,${head.dn}`, 'computer', {
    ...critical,
    sAMAccountName: 'DC1$',
    userAccountControl: '532480',
    dNSHostName: `dc1.${domain.dnsName}`,
    primaryGroupID: '516',
  });
  const group = (name: string, rid: number, type = '-2147483646') =>
    add(`CN=${name},CN=Users,${head.dn}`, 'group', {
      ...critical,
      sAMAccountName: name,
      groupType: type,
      objectSid: domainRelativeSid(domain, rid),
    });
  group('Domain Users', 513);
  const admins = group('Domain Admins', 512);
  const administrator = add(`CN=Administrator,CN=Users,${head.dn}`, 'user', {
    ...critical,
    sAMAccountName: 'Administrator',
    userAccountControl: '66048',
    objectSid: domainRelativeSid(domain, 500),
    pwdLastSet: domain.fileTimeNow(),
  });
  administrator.password = domain.options.adminPassword;
  const sequence = domain.store.nextSequence();
  domain.store.setLink(admins, 'member', administrator, { present: true, sequence });
  domain.store.commit('modify', admins, sequence);
  const sites = `CN=Sites,${configuration.dn}`;
  add(sites, 'sitesContainer');
  add(`CN=Default-First-Site-Name,${sites}`, 'site');
  add(`CN=Servers,CN=Default-First-Site-Name,${sites}`, 'serversContainer');
  const server = `CN=DC1,CN=Servers,CN=Default-First-Site-Name,${sites}`;
  add(server, 'server', { dNSHostName: `dc1.${domain.dnsName}`, serverReference: computer.dn });
  domain.ntdsSettings = add(`CN=NTDS Settings,${server}`, 'nTDSDSA', {
    invocationId: domain.newGuid(),
    options: '1',
  });
  makeSubschema(domain);
}

function makeHead(
  domain: AdDomain,
  head: DirectoryEntry,
  className: string,
  values: Readonly<Record<string, Buffer>>,
): void {
  const classRule = domain.schema.objectClass(className);
  if (classRule === undefined) throw new Error(`The schema has no class ${className}.`);
  const sequence = domain.store.nextSequence();
  const set = (name: string, value: Buffer) => domain.store.setValues(head, name, [value], sequence);
  domain.store.setValues(head, 'objectClass', classValues(classRule), sequence);
  set(domain.rule(head.rdn.type).name, utf8(head.rdn.value));
  set('name', utf8(head.rdn.value));
  set('instanceType', utf8('5'));
  set('objectGUID', domain.newGuid());
  set('whenCreated', domain.generalizedTime(domain.store.nowMs()));
  if (classRule.category !== undefined) {
    domain.store.setValues(head, 'objectCategory', categoryValues(domain, classRule.category), sequence);
  }
  for (const [name, value] of Object.entries(values)) set(name, value);
  domain.store.commit('add', head, sequence);
}

/** The container is itself marked deleted: only requests with the show-deleted control see it. */
function makeDeletedObjects(domain: AdDomain, context: DirectoryEntry): void {
  const container = addAdEntry(domain, testCaller, parseDn(`CN=Deleted Objects,${context.dn}`), [
    { type: 'objectClass', values: [utf8('container')] },
    { type: 'isDeleted', values: [utf8('TRUE')] },
    { type: 'isCriticalSystemObject', values: [utf8('TRUE')] },
  ]);
  domain.setDeletedObjects(context, container);
}

function makeSubschema(domain: AdDomain): void {
  const aggregate = addAdEntry(domain, testCaller, parseDn(`CN=Aggregate,${domain.schemaContainer.dn}`), [
    { type: 'objectClass', values: [utf8('subSchema')] },
  ]);
  const { attributeTypes, objectClasses } = domain.schema.definitions;
  domain.store.setValues(aggregate, 'attributeTypes', attributeTypes.map(utf8), aggregate.createdSequence);
  domain.store.setValues(aggregate, 'objectClasses', objectClasses.map(utf8), aggregate.createdSequence);
}

function domainSidBytes(domain: AdDomain): Buffer {
  const relative = domainRelativeSid(domain, 0);
  const sid = Buffer.from(relative.subarray(0, relative.length - 4));
  sid[1] = (sid[1] ?? 1) - 1; // one sub-authority less than the accounts have
  return sid;
}
