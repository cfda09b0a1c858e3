import { type AttributeEdits, type Configuration, withEntry } from './configuration-ldif.ts';

export interface OpenDjAddresses {
  readonly address: string;
  readonly port: number;
  readonly tlsPort: number;
  readonly adminPort: number;
  /** Taken on all addresses: OpenDJ has no setting for it. Peers need a certificate that the server knows. */
  readonly replicationPort: number;
}

export const openDjReaderRights: AttributeEdits = {
  // the limits of an ordinary account end at 1,000 entries
  'ds-rlim-size-limit': '0',
  'ds-rlim-time-limit': '0',
  'ds-rlim-lookthrough-limit': '0',
  'ds-privilege-name': ['changelog-read', 'unindexed-search'],
};

const handlers = 'cn=Connection Handlers,cn=config';
const replication = 'cn=Multimaster Synchronization,cn=Synchronization Providers,cn=config';

/** What is different in each copy of the template. */
export function withAddresses(configuration: Configuration, at: OpenDjAddresses): Configuration {
  return withEntries(configuration, {
    [`cn=LDAP Connection Handler,${handlers}`]: listen(at.address, at.port),
    [`cn=LDAPS Connection Handler,${handlers}`]: listen(at.address, at.tlsPort),
    'cn=Administration Connector,cn=config': listen(at.address, at.adminPort),
    [`cn=replication server,${replication}`]: { 'ds-cfg-replication-port': String(at.replicationPort) },
    [`cn=corp,cn=domains,${replication}`]: {
      'ds-cfg-replication-server': `127.0.0.1:${at.replicationPort}`,
    },
  });
}

/**
 * Turns a fresh set-up into what the tests want. The external changelog (`cn=changelog`) exists only where a server is
 * replicated: so this one is its own replication server, with nobody to replicate with.
 */
export function withTestSettings(
  configuration: Configuration,
  suffix: string,
  readerDn: string,
): Configuration {
  return withEntries(configuration, {
    [`cn=JMX Connection Handler,${handlers}`]: { 'ds-cfg-enabled': 'false' },
    // set-up writes down the absolute path of a folder that is copied afterwards
    'cn=PKCS12,cn=Key Manager Providers,cn=config': { 'ds-cfg-key-store-file': 'server.p12' },
    'cn=Access Control Handler,cn=config': {
      'ds-cfg-global-aci': [...globalAcis(configuration), ...readerAcis(readerDn)],
    },
    'cn=Referential Integrity,cn=Plugins,cn=config': {
      'ds-cfg-enabled': 'true',
      'ds-cfg-attribute-type': ['member', 'uniqueMember'],
    },
    // the default, PBKDF2, makes every sign-on of the tests slow
    'cn=Default Password Policy,cn=Password Policies,cn=config': {
      'ds-cfg-default-password-storage-scheme': 'cn=Salted SHA-512,cn=Password Storage Schemes,cn=config',
    },
    'ds-cfg-attribute=modifyTimestamp,cn=Index,ds-cfg-backend-id=userRoot,cn=Backends,cn=config': {
      objectClass: ['top', 'ds-cfg-backend-index'],
      'ds-cfg-attribute': 'modifyTimestamp',
      'ds-cfg-index-type': ['equality', 'ordering'],
    },
    [`cn=replication server,${replication}`]: {
      objectClass: ['top', 'ds-cfg-replication-server'],
      cn: 'replication server',
      'ds-cfg-replication-port': '8989',
      'ds-cfg-replication-server-id': '2',
    },
    [`cn=corp,cn=domains,${replication}`]: {
      objectClass: ['top', 'ds-cfg-replication-domain'],
      cn: 'corp',
      'ds-cfg-base-dn': suffix,
      'ds-cfg-replication-server': '127.0.0.1:8989',
      'ds-cfg-server-id': '3',
      'ds-cfg-source-address': '127.0.0.1',
    },
  });
}

function listen(address: string, port: number): AttributeEdits {
  return { 'ds-cfg-listen-address': address, 'ds-cfg-listen-port': String(port) };
}

function withEntries(
  configuration: Configuration,
  entries: Readonly<Record<string, AttributeEdits>>,
): Configuration {
  return Object.entries(entries).reduce((so, [dn, edits]) => withEntry(so, dn, edits), configuration);
}

function globalAcis(configuration: Configuration): readonly string[] {
  const handler = configuration.find(({ dn }) => dn === 'cn=Access Control Handler,cn=config');
  const acis = handler?.attributes.find(({ type }) => type === 'ds-cfg-global-aci')?.values;
  if (acis === undefined)
    throw new Error('The configuration has no access rules: another version of OpenDJ?');
  // as delivered, everybody may read; here whoever has not signed on sees the root DSE and the schema alone
  return acis.map((aci) =>
    /"Anonymous read access"|"User-Visible Operational Attributes"/.test(aci.toString())
      ? aci.toString().replace('ldap:///anyone', 'ldap:///all')
      : aci.toString(),
  );
}

function readerAcis(readerDn: string): readonly string[] {
  const who = `userdn="ldap:///${readerDn}"`;
  return [
    `(target="ldap:///cn=changelog")(targetattr="*||+")(version 3.0; acl "reader: changelog"; allow (read,search,compare) ${who};)`,
    `(target="ldap:///")(targetscope="base")(targetattr="*||+")(version 3.0; acl "reader: root DSE"; allow (read,search,compare) ${who};)`,
    `(targetattr="*||+")(version 3.0; acl "reader: operational attributes"; allow (read,search,compare) ${who};)`,
    // external changelog cookie, persistent search
    `(targetcontrol="1.3.6.1.4.1.26027.1.5.4 || 2.16.840.1.113730.3.4.3")(version 3.0; acl "reader: controls"; allow (read) ${who};)`,
  ];
}
