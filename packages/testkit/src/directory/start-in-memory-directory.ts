import { LdapListener } from '@sallyport/ldap';
import {
  readServerCertificate,
  type ShownCertificate,
  testCertificates,
} from '../certificates/test-certificates.ts';
import { defaultBaseDn } from '../people/organisation.ts';
import type { DirectoryServer } from '../servers/directory-server.ts';
import { type ActiveDirectory, makeActiveDirectory } from './active-directory/active-directory-manner.ts';
import type { AdDomainOptions } from './active-directory/ad-domain.ts';
import { type AccountRights, readRights } from './core/caller.ts';
import type { DirectoryManner, MannerLimits } from './core/directory-manner.ts';
import { DirectoryFaults } from './faults/directory-faults.ts';
import { makeOpenLdap } from './open-ldap/open-ldap-manner.ts';
import type { PingDirectoryOptions } from './ping-directory/pd-options.ts';
import { makePingDirectory } from './ping-directory/ping-directory-manner.ts';
import { DirectoryEdits } from './server/directory-edits.ts';
import { DirectoryHandler } from './server/directory-handler.ts';
import { loadOrganisation } from './server/load-organisation.ts';

export type MannerName = 'activeDirectory' | 'openLdap' | 'pingDirectory';

/** An account to bind with, made at the start below `OU=Service Accounts`. */
export interface ServiceAccount {
  readonly name: string;
  readonly password: string;
  /** Default: read only, nothing deleted, no change feed that shows everything. */
  readonly rights?: Partial<AccountRights>;
}

export interface InMemoryDirectoryOptions {
  /** Default `activeDirectory`. */
  readonly manner?: MannerName;
  /** Invented people to begin with; default 0. */
  readonly people?: number;
  readonly seed?: number;
  readonly teamSize?: number;
  /** `people` leaves the groups out. */
  readonly parts?: 'all' | 'people';
  /** LDIF file to begin with. */
  readonly ldif?: string;
  /** Default `DC=corp,DC=example`. */
  readonly baseDn?: string;
  readonly adminPassword?: string;
  readonly accounts?: readonly ServiceAccount[];
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default: any free ports, kept over restarts. */
  readonly port?: number;
  readonly tlsPort?: number;
  readonly certificate?: ShownCertificate;
  /** Offer StartTLS on the plain port; default true. */
  readonly startTls?: boolean;
  readonly limits?: Partial<MannerLimits>;
  readonly activeDirectory?: Partial<Omit<AdDomainOptions, 'baseDn' | 'adminPassword' | 'now'>>;
  readonly pingDirectory?: PingDirectoryOptions;
  /** Clock in epoch milliseconds; default the real one. */
  readonly now?: () => number;
}

/** A running in-memory directory: an LDAP server for clients, a set of functions for the test. */
export interface InMemoryDirectory extends DirectoryServer {
  readonly manner: MannerName;
  readonly edit: DirectoryEdits;
  readonly faults: DirectoryFaults;
  readonly accounts: Readonly<Record<string, { readonly bindDn: string; readonly bindPassword: string }>>;
  /** Errors inside the test directory; anything here is a defect of it. */
  readonly failures: readonly unknown[];
  /** Stops listening and cuts every connection; the data stays. */
  goDown(): Promise<void>;
  /** Listens again, on the same ports. */
  comeUp(): Promise<void>;
  readonly connectionCount: number;
  /** Active Directory only: a new invocationId, as after a restore from a backup. */
  restoreFromBackup(): void;
}

const unlimited: MannerLimits = {
  maxPageSize: Number.POSITIVE_INFINITY,
  sizeLimit: Number.POSITIVE_INFINITY,
  maxPagedSearches: Number.POSITIVE_INFINITY,
  maxExaminedPerPage: Number.MAX_SAFE_INTEGER,
};
/** Query policy of Active Directory: MaxPageSize, and how much a page may look at before it goes out as it is. */
const adLimits: MannerLimits = {
  maxPageSize: 1_000,
  sizeLimit: 1_000,
  maxPagedSearches: 10,
  maxExaminedPerPage: 50_000,
};

/** Starts a directory in this process on free loopback ports, plain with StartTLS and over TLS. */
export async function startInMemoryDirectory(
  options: InMemoryDirectoryOptions = {},
): Promise<InMemoryDirectory> {
  const name = options.manner ?? 'activeDirectory';
  const baseDn = options.baseDn ?? defaultBaseDn[name];
  const adminPassword = options.adminPassword ?? 'Passw0rd.1';
  const { manner, domain } = makeManner(name, baseDn, adminPassword, options);
  const edit = new DirectoryEdits(manner);
  const people = options.people ?? 0;
  if (people > 0) {
    const { seed, teamSize, parts } = options;
    loadOrganisation(manner, {
      kind: name,
      people,
      baseDn,
      ...(seed === undefined ? {} : { seed }),
      ...(teamSize === undefined ? {} : { teamSize }),
      ...(parts === undefined ? {} : { parts }),
    });
  }
  if (options.ldif !== undefined) await edit.loadLdif({ file: options.ldif });
  const accounts = makeAccounts(name, baseDn, edit, options.accounts ?? []);
  manner.changelog?.startRecording();
  const faults = new DirectoryFaults();
  const handler = new DirectoryHandler(manner, faults);
  const host = options.host ?? '127.0.0.1';
  let listeners = await listen(handler, faults, host, options.port ?? 0, options.tlsPort ?? 0, options);
  const [port, tlsPort] = listeners.map((listener) => listener.port);
  if (port === undefined || tlsPort === undefined) throw new Error('The directory does not listen.');
  const goDown = async () => {
    await Promise.all(listeners.map((listener) => listener.close()));
    listeners = [];
  };
  const comeUp = async () => {
    if (listeners.length === 0) listeners = await listen(handler, faults, host, port, tlsPort, options);
  };
  return {
    manner: name,
    url: `ldap://${host}:${port}`,
    ldapsUrl: `ldaps://${host}:${tlsPort}`,
    host,
    port,
    tlsPort,
    caFile: testCertificates.caFile,
    baseDn,
    bindDn: manner.adminDn,
    bindPassword: adminPassword,
    edit,
    faults,
    accounts,
    failures: handler.failures,
    goDown,
    comeUp,
    stop: goDown,
    async restart() {
      await goDown();
      await comeUp();
    },
    get connectionCount() {
      return listeners.reduce((sum, listener) => sum + listener.connections.length, 0);
    },
    restoreFromBackup() {
      if (domain === undefined) throw new TypeError('Only the activeDirectory manner has an invocationId.');
      const { store, ntdsSettings } = domain;
      const sequence = store.nextSequence();
      store.setValues(ntdsSettings, 'invocationId', [domain.newGuid()], sequence);
      store.commit('modify', ntdsSettings, sequence);
    },
  };
}

function makeManner(
  name: MannerName,
  baseDn: string,
  adminPassword: string,
  options: InMemoryDirectoryOptions,
): { readonly manner: DirectoryManner; readonly domain: ActiveDirectory['domain'] | undefined } {
  const now = options.now ?? Date.now;
  if (name === 'openLdap') {
    const limits = { ...unlimited, ...options.limits };
    return { manner: makeOpenLdap({ baseDn, adminPassword, now, limits }), domain: undefined };
  }
  if (name === 'pingDirectory') {
    const limits = { ...unlimited, ...options.limits };
    const set = { baseDn, adminPassword, now, limits };
    return { manner: makePingDirectory({ ...options.pingDirectory, ...set }), domain: undefined };
  }
  const manner = makeActiveDirectory({
    recycleBin: false,
    maxValRange: 1_500,
    dirSyncMaxBytes: 1024 * 1024,
    maxNotifications: 5,
    ...options.activeDirectory,
    baseDn,
    adminPassword,
    now,
    limits: { ...adLimits, ...options.limits },
  });
  return { manner, domain: manner.domain };
}

async function listen(
  handler: DirectoryHandler,
  faults: DirectoryFaults,
  host: string,
  port: number,
  tlsPort: number,
  options: InMemoryDirectoryOptions,
): Promise<LdapListener[]> {
  const { key, cert } = readServerCertificate(options.certificate);
  const common = {
    handler,
    host,
    onConnection: (connection: { destroy(): void }) => {
      if (faults.isRefusingConnections) connection.destroy();
    },
  };
  const startTls = options.startTls === false ? {} : { tls: { key, cert, mode: 'startTls' as const } };
  const plain = new LdapListener({ ...common, port, ...startTls });
  const secure = new LdapListener({ ...common, port: tlsPort, tls: { key, cert, mode: 'implicit' } });
  await plain.listen();
  await secure.listen();
  return [plain, secure];
}

function makeAccounts(
  name: MannerName,
  baseDn: string,
  edit: DirectoryEdits,
  accounts: readonly ServiceAccount[],
): Record<string, { bindDn: string; bindPassword: string }> {
  const made: Record<string, { bindDn: string; bindPassword: string }> = {};
  if (accounts.length === 0) return made;
  const isAd = name === 'activeDirectory';
  const container = `${isAd ? 'OU' : 'ou'}=Service Accounts,${baseDn}`;
  edit.add(container, { objectClass: ['top', 'organizationalUnit'], ou: 'Service Accounts' });
  for (const account of accounts) {
    const dn = isAd ? `CN=${account.name},${container}` : `uid=${account.name},${container}`;
    edit.add(
      dn,
      isAd
        ? { objectClass: 'user', cn: account.name, sAMAccountName: account.name, userAccountControl: '66048' }
        : {
            objectClass: ['top', 'account', 'simpleSecurityObject'],
            uid: account.name,
            userPassword: account.password,
          },
    );
    edit.setPassword(dn, account.password);
    edit.grant(dn, { ...readRights, ...account.rights });
    made[account.name] = { bindDn: dn, bindPassword: account.password };
  }
  return made;
}
