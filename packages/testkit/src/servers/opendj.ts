import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { printLdifRecord } from '@sallyport/ldap';
import { testCertificates } from '../certificates/test-certificates.ts';
import { readConfiguration, withEntry, writeConfiguration } from './configuration-ldif.ts';
import type { DirectoryWithChangelog } from './directory-server.ts';
import { reserveLoopbackAddress } from './loopback-address.ts';
import { openDjArchive, whyNoOpenDj } from './opendj-archive.ts';
import { openDjReaderRights, withAddresses, withTestSettings } from './opendj-configuration.ts';
import { startCopy } from './running-copy.ts';
import { type ServerProcess, startServerProcess } from './server-process.ts';
import { copyFolder, templateFolder } from './template-folder.ts';

export interface OpenDjOptions {
  /** LDIF file loaded before the start, below the suffix `dc=corp,dc=example`, whose entry exists already. */
  readonly ldif?: string;
  /** A loopback address; default: a free one of 127.77.0.0/24. */
  readonly address?: string;
}

const run = promisify(execFile);
const suffix = 'dc=corp,dc=example';
const password = 'Passw0rd.1';
const reader = { dn: `cn=reader,${suffix}`, password: 'Read3r.Passw0rd' };
const rootDn = 'cn=Directory Manager';
const port = 10_389;
const tlsPort = 10_636;
const adminPort = 10_444;
/** Small, quick to start: C1 alone compiles what runs for a minute. */
const javaArgs = ['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

/**
 * Starts an OpenDJ server of its own with the external changelog (`cn=changelog`), persistent search and referential
 * integrity: about 4 s once the template exists, which takes 20 s.
 * @throws Error with the reason when the archive could not be fetched; tests ask `whyNoOpenDj` before
 */
export async function startOpenDj(options: OpenDjOptions = {}): Promise<DirectoryWithChangelog> {
  const template = await openDjTemplate(options.ldif);
  const copy = await startCopy({
    name: 'opendj',
    template,
    address: options.address,
    port,
    tlsPort,
    start: startIn,
  });
  return {
    ...copy,
    baseDn: suffix,
    bindDn: rootDn,
    bindPassword: password,
    reader,
  };
}

async function openDjTemplate(ldif: string | undefined): Promise<string> {
  // Java prints its version on standard error
  const java = await run('java', ['-version']).then(
    (answer) => answer.stderr,
    (error: Error) => {
      throw new Error(
        `Java is not installed (${error.message}). Run: npx node scripts/directories/install.ts`,
      );
    },
  );
  const program = await programFolder();
  const sources = ['./opendj.ts', './opendj-configuration.ts', './configuration-ldif.ts'].map((file) =>
    readFile(new URL(file, import.meta.url)),
  );
  const key = [openDjArchive.sha256, java, ...(await Promise.all(sources))];
  const empty = await templateFolder('opendj', key, async (folder) => {
    await setUp(program, folder);
    await importLdif(folder, undefined);
    // The keys for replication are made at the first start, and the changelog begins.
    await whileRunning(folder);
  });
  if (ldif === undefined) return empty;
  return templateFolder('opendj-loaded', [...key, await readFile(ldif)], async (folder) => {
    await copyFolder(empty, folder);
    await importLdif(folder, ldif);
    await rm(join(folder, 'changelogDb'), { recursive: true, force: true });
    await mkdir(join(folder, 'changelogDb'));
  });
}

/** The unpacked distribution, shared by all instances: they hold a link to its libraries. */
async function programFolder(): Promise<string> {
  const reason = whyNoOpenDj();
  if (reason !== undefined) throw new Error(`OpenDJ could not be fetched: ${reason}`);
  const program = await templateFolder('opendj-program', [openDjArchive.sha256], async (folder) => {
    await run('unzip', ['-q', openDjArchive.file, '-d', folder]).catch((error: Error) => {
      throw new Error(
        `OpenDJ is not installed (${error.message}). Run: npx node scripts/directories/install.ts`,
      );
    });
  });
  return join(program, 'opendj');
}

async function setUp(program: string, folder: string): Promise<void> {
  await copyFolder(program, folder);
  const keyStore = join(folder, 'server.p12');
  await run('openssl', [
    ...['pkcs12', '-export', '-name', 'server-cert', '-out', keyStore, '-passout', `pass:${password}`],
    ...['-in', testCertificates.serverFile, '-inkey', testCertificates.keyFile],
  ]);
  const env = { ...process.env, OPENDJ_JAVA_ARGS: javaArgs.join(' ') };
  await run(
    join(folder, 'setup'),
    [
      ...['--cli', '--no-prompt', '--acceptLicense', '--noPropertiesFile', '--doNotStart', '--skipPortCheck'],
      ...['--hostname', 'localhost', '--ldapPort', String(port), '--ldapsPort', String(tlsPort)],
      ...['--adminConnectorPort', String(adminPort), '--enableStartTLS'],
      ...['--usePkcs12keyStore', keyStore, '--keyStorePassword', password, '--certNickname', 'server-cert'],
      ...['--rootUserDN', rootDn, '--rootUserPassword', password, '--baseDN', suffix],
    ],
    { env },
  );
  await rm(join(folder, 'lib'), { recursive: true });
  await symlink(join(program, 'lib'), join(folder, 'lib'));
  const file = configurationFile(folder);
  await writeConfiguration(file, withTestSettings(await readConfiguration(file), suffix, reader.dn));
}

const configurationFile = (folder: string) => join(folder, 'config', 'config.ldif');

/** Offline; replaces what was there. */
async function importLdif(folder: string, ldif: string | undefined): Promise<void> {
  const base = join(folder, 'ldif', 'base.ldif');
  await mkdir(join(folder, 'ldif'), { recursive: true });
  await writeFile(base, baseEntries());
  const files = ldif === undefined ? [base] : [base, ldif];
  const rejected = join(folder, 'logs', 'rejected.ldif');
  await runJava(folder, 'org.opends.server.tools.ImportLDIF', [
    '--offline',
    ...['--configFile', configurationFile(folder), '--backendID', 'userRoot', '--rejectFile', rejected],
    ...files.flatMap((file) => ['--ldifFile', file]),
  ]);
  const refusals = await readFile(rejected, 'utf8').catch(() => '');
  if (refusals !== '') throw new Error(`OpenDJ refused entries of ${ldif}: ${refusals.slice(0, 500)}`);
}

function baseEntries(): string {
  const configuration = withEntry(
    withEntry([], suffix, {
      objectClass: ['top', 'domain'],
      dc: suffix.slice('dc='.length, suffix.indexOf(',')),
    }),
    reader.dn,
    {
      objectClass: ['top', 'applicationProcess', 'simpleSecurityObject'],
      cn: 'reader',
      userPassword: reader.password,
      ...openDjReaderRights,
    },
  );
  return configuration.map((entry) => printLdifRecord(entry)).join('');
}

async function runJava(folder: string, tool: string, args: readonly string[]): Promise<void> {
  await run('java', [...javaCommand(folder), tool, ...args], {
    env: environment(folder),
    maxBuffer: 64 * 1024 * 1024,
  });
}

function javaCommand(folder: string): readonly string[] {
  return [...javaArgs, '-cp', join(folder, 'lib', 'bootstrap.jar')];
}

function environment(folder: string): NodeJS.ProcessEnv {
  return { ...process.env, INSTALL_ROOT: folder, INSTANCE_ROOT: folder };
}

async function whileRunning(folder: string): Promise<void> {
  const reserved = await reserveLoopbackAddress();
  try {
    const server = await startIn(folder, reserved.address);
    await server.stop();
  } finally {
    await reserved.release();
  }
}

async function startIn(folder: string, address: string): Promise<ServerProcess> {
  const file = configurationFile(folder);
  const configuration = await readConfiguration(file);
  const replicationPort = await freePort();
  await writeConfiguration(
    file,
    withAddresses(configuration, { address, port, tlsPort, adminPort, replicationPort }),
  );
  return startServerProcess({
    program: 'java',
    args: [
      ...javaCommand(folder),
      'org.opends.server.core.DirectoryServer',
      ...['--configFile', file, '--nodetach'],
    ],
    env: environment(folder),
    cwd: folder,
    logFile: join(folder, 'logs', 'output'),
    host: address,
    ports: [port, tlsPort],
    startTimeoutMs: 90_000,
    // its threads hold the process up for 5 s more
    lastWords: { file: join(folder, 'logs', 'errors'), text: 'The Directory Server is now stopped' },
  });
}

/** A port that is free on every address. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen({ host: '0.0.0.0', port: 0 }, () => {
      const address = probe.address();
      probe.close(() =>
        address !== null && typeof address === 'object'
          ? resolve(address.port)
          : reject(new Error('The probe for a free port has no address.')),
      );
    });
  });
}
