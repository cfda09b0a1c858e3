import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { testCertificates } from '../certificates/test-certificates.ts';
import type { DirectoryServer } from './directory-server.ts';
import { startCopy } from './running-copy.ts';
import { startServerProcess } from './server-process.ts';
import { copyFolder, templateFolder } from './template-folder.ts';

export interface SambaOptions {
  /** LDIF file loaded before the start (base `DC=corp,DC=example`); the loaded domain is kept as a template too. */
  readonly ldif?: string;
  /** A loopback address; default: a free one of 127.77.0.0/24. Samba's ports are fixed, so each server has its own. */
  readonly address?: string;
  /**
   * `single` (default) reports changes at once but answers one request at a time; `standard` has a process per
   * connection and reports changes up to 5 s late.
   */
  readonly processModel?: 'single' | 'standard';
}

const run = promisify(execFile);
const realm = 'CORP.EXAMPLE';
const password = 'Passw0rd.1';
const provisionScript = fileURLToPath(
  new URL('../../../../scripts/directories/provision-samba.py', import.meta.url),
);

/** Starts a Samba Active Directory domain controller (LDAP only) of its own: about 1 s once the template exists, 7 s the first time. */
export async function startSamba(options: SambaOptions = {}): Promise<DirectoryServer> {
  const template = await sambaTemplate(options.ldif);
  const copy = await startCopy({
    name: 'samba',
    template,
    address: options.address,
    port: 389,
    tlsPort: 636,
    start: (folder, address) => startIn(folder, address, options.processModel ?? 'single'),
  });
  return {
    ...copy,
    baseDn: 'DC=corp,DC=example',
    bindDn: 'CN=Administrator,CN=Users,DC=corp,DC=example',
    bindPassword: password,
  };
}

async function sambaTemplate(ldif: string | undefined): Promise<string> {
  const version = await run('samba', ['--version']).then(
    (answer) => answer.stdout.trim(),
    (error: Error) => {
      throw new Error(
        `Samba is not installed (${error.message}). Run: npx node scripts/directories/install.ts`,
      );
    },
  );
  const script = await readFile(provisionScript);
  const empty = await templateFolder('samba', [version, script], provision);
  if (ldif === undefined) return empty;
  return templateFolder('samba-loaded', [version, script, await readFile(ldif)], async (folder) => {
    await copyFolder(empty, folder);
    await load(folder, ldif);
  });
}

async function provision(folder: string): Promise<void> {
  await run('/usr/bin/python3', [provisionScript, folder, realm, password]);
  const tls = join(folder, 'private', 'tls');
  await mkdir(tls, { recursive: true });
  await copyFile(testCertificates.caFile, join(tls, 'ca.pem'));
  await copyFile(testCertificates.serverFile, join(tls, 'cert.pem'));
  await copyFile(testCertificates.keyFile, join(tls, 'key.pem'));
  await chmod(join(tls, 'key.pem'), 0o600); // Samba refuses a key that others can read
}

/** Offline, in one transaction: five times as fast as over LDAP. */
async function load(folder: string, ldif: string): Promise<void> {
  const { stdout, stderr } = await run(
    'ldbadd',
    [
      '--nosync',
      '-o',
      'batch_mode:1',
      '-o',
      'transaction_index_cache_size:200000',
      '-H',
      join(folder, 'private', 'sam.ldb'),
      ldif,
    ],
    { maxBuffer: 64 * 1024 * 1024 },
  );
  // ldbadd exits 0 after an error and keeps what it had added before it: its output is the only sign.
  const output = `${stdout}${stderr}`;
  if (output.includes('ERR:'))
    throw new Error(`ldbadd could not load ${ldif}: ${output.trim().split('\n').slice(-3).join(' ')}`);
}

async function startIn(folder: string, address: string, model: 'single' | 'standard') {
  await mkdir(join(folder, 'run'), { recursive: true });
  await mkdir(join(folder, 'cache'), { recursive: true });
  const configuration = join(folder, 'smb.conf');
  await writeFile(configuration, smbConf(folder, address));
  return startServerProcess({
    program: 'samba',
    args: ['-s', configuration, '-F', '--no-process-group', '-M', model],
    cwd: folder,
    logFile: join(folder, 'samba.log'),
    host: address,
    ports: [389, 636],
  });
}

function smbConf(folder: string, address: string): string {
  return `[global]
	netbios name = DC1
	realm = ${realm}
	workgroup = ${realm.split('.')[0]}
	server role = active directory domain controller
	server services = ldap
	private dir = ${folder}/private
	state directory = ${folder}/state
	cache directory = ${folder}/cache
	lock directory = ${folder}
	pid directory = ${folder}/run
	ncalrpc dir = ${folder}/run/ncalrpc
	winbindd socket directory = ${folder}/run/winbindd
	interfaces = ${address}/8
	bind interfaces only = yes
	ldap server require strong auth = no
	tls enabled = yes
	ldb:nosync = true
	log file = ${folder}/%m.log
	log level = 1
`;
}
