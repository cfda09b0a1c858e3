import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import {
  type AttributeEdits,
  type Configuration,
  parseConfiguration,
  withEntry,
} from './configuration-ldif.ts';

export interface Ds389Instance {
  readonly folder: string;
  readonly suffix: string;
  readonly rootDn: string;
  readonly password: string;
}

/** The package's own draft of a configuration, which its set-up program fills in in the same way. */
const draftFile = '/usr/share/dirsrv/data/template-dse.ldif';
export const referentialIntegrityPlugin = 'cn=referential integrity postoperation,cn=plugins,cn=config';
const database = 'cn=ldbm database,cn=plugins,cn=config';

/**
 * The configuration (dse.ldif) of a fresh instance. Written by us and not by `dscreate`: that one starts the server on all
 * addresses while it works, wants root for a namespace to hide it in, and takes 11 s.
 */
export async function baseConfiguration(instance: Ds389Instance): Promise<Configuration> {
  const draft = await readFile(draftFile, 'utf8');
  const values = placeholders(instance);
  const text = draft.replace(/%([a-z_]+)%/g, (whole, name: string) => values[name] ?? whole);
  let configuration = parseConfiguration(text);
  for (const [dn, edits] of Object.entries(settings(instance)))
    configuration = withEntry(configuration, dn, edits);
  return configuration;
}

function placeholders({ folder, suffix, rootDn, password }: Ds389Instance): Readonly<Record<string, string>> {
  return {
    schema_dir: `${folder}/config/schema`,
    lock_dir: `${folder}/lock`,
    tmp_dir: `${folder}/tmp`,
    cert_dir: `${folder}/config`,
    config_dir: `${folder}/config`,
    ldif_dir: `${folder}/ldif`,
    bak_dir: `${folder}/backup`,
    run_dir: `${folder}/run`,
    inst_dir: folder,
    log_dir: `${folder}/log`,
    db_dir: `${folder}/db`,
    db_home_dir: `${folder}/db`,
    // lmdb of this version loses groups on import without a word
    db_lib: 'bdb',
    fqdn: 'localhost',
    ds_port: '10389',
    ds_user: userInfo().username,
    ds_suffix: suffix,
    rootdn: rootDn,
    ds_passwd: saltedHash(password),
    ldapi_enabled: 'off',
    ldapi_autobind: 'off',
    ldapi: `${folder}/run/ldapi`,
  };
}

function settings({ folder, suffix }: Ds389Instance): Readonly<Record<string, AttributeEdits>> {
  return {
    'cn=config': {
      'nsslapd-listenhost': '127.0.0.1',
      'nsslapd-securelistenhost': '127.0.0.1',
      'nsslapd-security': 'on',
      'nsslapd-secureport': '10636',
      'nsslapd-accesslog-logging-enabled': 'off',
      'nsslapd-securitylog-logging-enabled': 'off',
      // else the root DSE names the changelog, the newest suffix, as the default
      'nsslapd-defaultnamingcontext': suffix,
      // on, as delivered, 389 goes on showing the old names of the entries below a unit that was moved (its issue 7183)
      'nsslapd-return-original-entrydn': 'off',
      'nsslapd-sizelimit': '-1',
      'nsslapd-pagedsizelimit': '0',
      // whoever has not signed on sees the root DSE alone
      'nsslapd-allow-anonymous-access': 'rootdse',
      // the default, 10,000 rounds of PBKDF2, makes every sign-on of the tests slow
      passwordStorageScheme: 'SSHA512',
    },
    // the key is of a test: no PIN
    'cn=encryption,cn=config': { CACertExtractFile: [], allowWeakCipher: 'off' },
    'cn=Retro Changelog Plugin,cn=plugins,cn=config': {
      'nsslapd-pluginEnabled': 'on',
      'nsslapd-attribute': ['nsuniqueid:targetUniqueId', 'entryuuid:targetEntryUUID'],
      'nsslapd-include-suffix': suffix,
      'nsslapd-changelogmaxage': '2d',
    },
    'cn=Content Synchronization,cn=plugins,cn=config': { 'nsslapd-pluginEnabled': 'on' },
    'cn=MemberOf Plugin,cn=plugins,cn=config': {
      'nsslapd-pluginEnabled': 'on',
      memberofgroupattr: ['member', 'uniqueMember'],
      memberofautoaddoc: 'nsMemberOf',
    },
    // off, as delivered, unless a test asks for it
    [referentialIntegrityPlugin]: {
      'referint-membership-attr': ['member', 'uniquemember'],
    },
    [`cn=userroot,${database}`]: {
      objectClass: ['top', 'extensibleObject', 'nsBackendInstance'],
      cn: 'userroot',
      'nsslapd-suffix': suffix,
      'nsslapd-directory': `${folder}/db/userroot`,
      // set by hand: an import before the first ordinary start would run with a cache of 500 KB
      'nsslapd-cachememsize': String(64 << 20),
      'nsslapd-dncachememsize': String(16 << 20),
    },
    [`cn=index,cn=userroot,${database}`]: { objectClass: ['top', 'nsContainer'], cn: 'index' },
    ...Object.fromEntries(
      ['uid', 'mail', 'cn', 'sn', 'member', 'uniqueMember', 'memberOf', 'modifyTimestamp', 'entryUUID'].map(
        (name) => [
          `cn=${name},cn=index,cn=userroot,${database}`,
          { objectClass: ['top', 'nsIndex'], cn: name, nsSystemIndex: 'false', nsIndexType: 'eq' },
        ],
      ),
    ),
    [`cn="${suffix}",cn=mapping tree,cn=config`]: {
      objectClass: ['top', 'extensibleObject', 'nsMappingTree'],
      cn: suffix,
      'nsslapd-state': 'backend',
      'nsslapd-backend': 'userroot',
    },
    [`cn=bdb,cn=config,${database}`]: {
      objectClass: ['top', 'extensibleObject'],
      cn: 'bdb',
      'nsslapd-cache-autosize': '0',
      'nsslapd-dbcachesize': String(32 << 20),
      'nsslapd-import-cache-autosize': '0',
      'nsslapd-import-cachesize': String(64 << 20),
      // test data: nothing waits for the disk
      'nsslapd-db-durable-transaction': 'off',
    },
  };
}

/** The salt is fixed, so that the template's key stays the same from run to run. */
function saltedHash(password: string): string {
  const salt = Buffer.from('sallyport');
  const digest = createHash('sha512').update(password).update(salt).digest();
  return `{SSHA512}${Buffer.concat([digest, salt]).toString('base64')}`;
}
