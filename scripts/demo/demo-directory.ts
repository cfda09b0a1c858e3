import { join } from 'node:path';
import {
  type DirectoryAddress,
  type DirectoryKind,
  type DirectoryServer,
  startInMemoryDirectory,
  startOpenLdap,
  startSamba,
  writeOrganisationLdif,
} from '@sallyport/testkit';
import type { DemoOptions } from './demo-options.ts';

export interface DemoDirectory {
  readonly server: DirectoryServer;
  readonly kind: DirectoryKind;
  /** For people: what it is. */
  readonly title: string;
  /** How a gateway reaches it: over TLS, with an account that only reads where the directory has one. */
  readonly address: DirectoryAddress;
}

const ACCOUNT = 'svc-sallyport';
const ACCOUNT_PASSWORD = 'Read-only.1';

/** Starts the directory with everybody in it. Real servers load from LDIF in `folder`. */
export async function startDemoDirectory(options: DemoOptions, folder: string): Promise<DemoDirectory> {
  const { people } = options;
  if (options.directory === 'in-memory') {
    const server = await startInMemoryDirectory({
      people,
      accounts: [{ name: ACCOUNT, password: ACCOUNT_PASSWORD, rights: { readDeleted: true } }],
    });
    const account = server.accounts[ACCOUNT] ?? server;
    return {
      server,
      kind: 'activeDirectory',
      title: 'an in-memory directory in the manner of Active Directory',
      address: addressOf(server, account, 'Microsoft Active Directory'),
    };
  }
  const kind = options.directory === 'samba' ? 'activeDirectory' : 'openLdap';
  const ldif = join(folder, 'people.ldif');
  await writeOrganisationLdif({ kind, people }, ldif);
  if (options.directory === 'samba') {
    const server = await startSamba({ ldif });
    return {
      server,
      kind,
      title: 'Samba, an Active Directory domain controller',
      address: addressOf(server, server, 'Microsoft Active Directory'),
    };
  }
  const server = await startOpenLdap({ ldif });
  return {
    server,
    kind,
    title: 'OpenLDAP',
    address: addressOf(server, server, 'LDAPv3-compliant Directory Server'),
  };
}

function addressOf(
  server: DirectoryServer,
  account: { readonly bindDn: string; readonly bindPassword: string },
  vendor: DirectoryAddress['vendor'],
): DirectoryAddress {
  return {
    servers: [`${server.host}:${server.tlsPort}`],
    bindDn: account.bindDn,
    bindPassword: account.bindPassword,
    vendor,
    security: 'TLS',
  };
}
