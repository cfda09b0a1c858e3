import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { testCertificates } from '../certificates/test-certificates.ts';
import { readConfiguration, withEntry, withFolder, writeConfiguration } from './configuration-ldif.ts';
import type { DirectoryWithChangelog } from './directory-server.ts';
import { baseConfiguration, referentialIntegrityPlugin } from './ds389-configuration.ts';
import { allowReader, fillMemberOf, writeContent } from './ds389-content.ts';
import { reserveLoopbackAddress } from './loopback-address.ts';
import { startCopy } from './running-copy.ts';
import { type ServerProcess, startServerProcess } from './server-process.ts';
import { copyFolder, templateFolder } from './template-folder.ts';

export interface Ds389Options {
  /** LDIF file loaded before the start, below the suffix `dc=corp,dc=example`, whose entry exists already. */
  readonly ldif?: string;
  /** A loopback address; default: a free one of 127.77.0.0/24. */
  readonly address?: string;
  /**
   * Groups follow renames and deletions of their members; default no, as delivered. With it this version refuses to move a
   * renamed unit back to where it was (operationsError), and crashes if it is told to do it in the background.
   */
  readonly referentialIntegrity?: boolean;
}

const run = promisify(execFile);
const program = '/usr/sbin/ns-slapd';
const suffix = 'dc=corp,dc=example';
const password = 'Passw0rd.1';
const reader = { dn: `cn=reader,${suffix}`, password: 'Read3r.Passw0rd' };
const rootDn = 'cn=Directory Manager';
const port = 10_389;
const tlsPort = 10_636;
/** Stands for the server's folder in a template's configuration: every copy has another. */
const folderMark = '@FOLDER@';
/** Content synchronization does not start without the changelog. */
const feeds = ['cn=Retro Changelog Plugin', 'cn=Content Synchronization'];

/**
 * Starts a 389 Directory Server of its own with the retro changelog (`cn=changelog`), memberOf, content
 * synchronization and entryUUID: about 1 s once the template exists.
 */
export async function startDs389(options: Ds389Options = {}): Promise<DirectoryWithChangelog> {
  const template = await ds389Template(options.ldif);
  const copy = await startCopy({
    name: 'ds389',
    template,
    address: options.address,
    port,
    tlsPort,
    start: (folder, address) => startIn(folder, address, options.referentialIntegrity),
  });
  return {
    ...copy,
    baseDn: suffix,
    bindDn: rootDn,
    bindPassword: password,
    reader,
  };
}

async function ds389Template(ldif: string | undefined): Promise<string> {
  // ns-slapd prints its version and exits 1
  const version = await run(program, ['-v']).then(
    (answer) => `${answer.stdout}${answer.stderr}`,
    (error: Error & { stdout?: string; stderr?: string }) => {
      const output = `${error.stdout ?? ''}${error.stderr ?? ''}`;
      if (output.includes('389')) return output;
      throw new Error(
        `389 Directory Server is not installed (${error.message}). Run: npx node scripts/directories/install.ts`,
      );
    },
  );
  const key = [
    version,
    JSON.stringify(await baseConfiguration({ folder: 'FOLDER', suffix, rootDn, password })),
    JSON.stringify(reader),
    ...(await Promise.all(
      ['./ds389.ts', './ds389-content.ts'].map((file) => readFile(new URL(file, import.meta.url))),
    )),
  ];
  const empty = await templateFolder('ds389', key, async (folder) => {
    await makeInstance(folder);
    await load(folder, undefined);
    // The changelog's own entry, with the access rules, is made at the first start.
    await whileRunning(folder, (server) => allowReader(server, reader.dn));
    await settle(folder);
  });
  if (ldif === undefined) return empty;
  return templateFolder('ds389-loaded', [...key, await readFile(ldif)], async (folder) => {
    await copyFolder(empty, folder);
    await load(folder, ldif);
    // Filling memberOf in is no news to anybody.
    await configure(folder, switched('off'));
    await whileRunning(folder, (server) => fillMemberOf(server, suffix));
    await configure(folder, switched('on'));
    await settle(folder);
  });
}

function switched(state: 'on' | 'off') {
  return Object.fromEntries(
    feeds.map((name) => [`${name},cn=plugins,cn=config`, { 'nsslapd-pluginEnabled': state }]),
  );
}

const configurationFile = (folder: string) => join(folder, 'config', 'dse.ldif');

async function makeInstance(folder: string): Promise<void> {
  const config = join(folder, 'config');
  for (const name of ['config', 'log', 'run', 'lock', 'tmp', 'db', 'ldif', 'backup'])
    await mkdir(join(folder, name), { recursive: true });
  await cp('/etc/dirsrv/schema', join(config, 'schema'), { recursive: true });
  await cp('/etc/dirsrv/config', config, { recursive: true });
  const bundle = join(folder, 'tmp', 'server.p12');
  await run('openssl', [
    ...['pkcs12', '-export', '-name', 'Server-Cert', '-out', bundle, '-passout', 'pass:'],
    ...['-in', testCertificates.serverFile, '-inkey', testCertificates.keyFile],
  ]);
  const database = `sql:${config}`;
  await run('certutil', ['-N', '-d', database, '--empty-password']);
  await run('certutil', [
    '-A',
    '-d',
    database,
    '-n',
    'Test CA',
    '-t',
    'CT,,',
    '-a',
    '-i',
    testCertificates.caFile,
  ]);
  await run('pk12util', ['-i', bundle, '-d', database, '-W', '', '-K', '']);
  await writeConfiguration(
    configurationFile(folder),
    await baseConfiguration({ folder, suffix, rootDn, password }),
  );
}

/** Offline; replaces what was there. */
async function load(folder: string, ldif: string | undefined): Promise<void> {
  const content = join(folder, 'ldif', 'content.ldif');
  await writeContent(content, { suffix, reader, ldif });
  await configure(folder, {});
  await run(program, ['ldif2db', '-D', join(folder, 'config'), '-n', 'userroot', '-i', content], {
    maxBuffer: 64 * 1024 * 1024,
  });
  await rm(content);
}

/** Sets the folder and, if there is one, the address; makes further edits by DN. */
async function configure(
  folder: string,
  edits: Readonly<Record<string, Parameters<typeof withEntry>[2]>>,
  folderBefore = folderMark,
): Promise<void> {
  const file = configurationFile(folder);
  let configuration = withFolder(await readConfiguration(file), folderBefore, folder);
  for (const [dn, attributes] of Object.entries(edits))
    configuration = withEntry(configuration, dn, attributes);
  await writeConfiguration(file, configuration);
}

/** Makes a folder fit to be copied: its configuration names no folder, and nothing of the run is left. */
async function settle(folder: string): Promise<void> {
  const file = configurationFile(folder);
  await writeConfiguration(file, withFolder(await readConfiguration(file), folder, folderMark));
  await rm(`${file}.bak`, { force: true });
  await rm(`${file}.startOK`, { force: true });
}

async function whileRunning(folder: string, work: (server: Connection) => Promise<void>): Promise<void> {
  const reserved = await reserveLoopbackAddress();
  try {
    const server = await startIn(folder, reserved.address);
    try {
      await work({ host: reserved.address, port, bindDn: rootDn, password });
    } finally {
      await server.stop();
    }
  } finally {
    await reserved.release();
  }
}

type Connection = Parameters<typeof allowReader>[0];

async function startIn(
  folder: string,
  address: string,
  referentialIntegrity = false,
): Promise<ServerProcess> {
  await configure(folder, {
    'cn=config': { 'nsslapd-listenhost': address, 'nsslapd-securelistenhost': address },
    [referentialIntegrityPlugin]: { 'nsslapd-pluginEnabled': referentialIntegrity ? 'on' : 'off' },
  });
  return startServerProcess({
    program,
    args: ['-d', '0', '-D', join(folder, 'config'), '-i', join(folder, 'run', 'pid')],
    cwd: folder,
    logFile: join(folder, 'log', 'errors'),
    host: address,
    ports: [port, tlsPort],
  });
}
