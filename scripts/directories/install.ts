// Installs the real LDAP servers the *.directory.ts tests run on: Debian packages, and OpenDJ from Maven Central. No service
// is started. What is there already is left alone.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { fetchOpenDj } from './fetch-opendj.ts';

interface Needed {
  readonly debianPackage: string;
  /** Where this program is, in PATH or beside it, the package is not needed: Java may come from elsewhere. */
  readonly program?: string;
}

const needed: readonly Needed[] = [
  { debianPackage: 'samba' },
  { debianPackage: 'samba-dsdb-modules' },
  { debianPackage: 'samba-ad-provision' },
  { debianPackage: 'ldb-tools' },
  { debianPackage: 'ldap-utils' },
  { debianPackage: 'slapd' },
  { debianPackage: '389-ds-base' },
  // certutil and pk12util: 389 keeps its certificates in a database of NSS
  { debianPackage: 'libnss3-tools' },
  { debianPackage: 'openssl' },
  { debianPackage: 'default-jre-headless', program: 'java' },
  { debianPackage: 'maven', program: 'mvn' },
  { debianPackage: 'unzip', program: 'unzip' },
];
const policyFile = '/usr/sbin/policy-rc.d';

function main(): number {
  const status = installPackages();
  if (status === 0) fetchOpenDj();
  return status;
}

function installPackages(): number {
  const missing = needed.filter((item) => !isThere(item)).map(({ debianPackage }) => debianPackage);
  if (missing.length === 0) {
    console.log('All packages of the directory servers are installed.');
    return 0;
  }
  const prefix = asRoot();
  const install = ['apt-get', 'install', '-y', '-q', '--no-install-recommends', ...missing];
  if (!existsSync('/usr/bin/apt-get')) {
    console.error(
      `This machine has no apt-get. Install these by hand, whatever they are called here: ${missing.join(' ')}`,
    );
    return 1;
  }
  if (prefix === undefined) {
    console.error('Missing packages, and this user may not install them without a password. Type:');
    console.error(`  sudo apt-get update && sudo ${install.join(' ')}`);
    return 1;
  }
  return withServicesHeldBack(prefix, () => {
    run([...prefix, 'apt-get', 'update', '-q']);
    run([...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', ...install]);
    return 0;
  });
}

/** Packages start their services on installation unless policy-rc.d says no (invoke-rc.d(8)); ours only if none is there. */
function withServicesHeldBack(prefix: readonly string[], work: () => number): number {
  if (existsSync(policyFile) || prefix.length > 0) return work();
  writeFileSync(policyFile, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    return work();
  } finally {
    rmSync(policyFile);
  }
}

function isThere({ debianPackage, program }: Needed): boolean {
  if (program !== undefined && spawnSync('sh', ['-c', `command -v ${program}`]).status === 0) return true;
  const answer = spawnSync('dpkg', ['--status', debianPackage], { encoding: 'utf8' });
  return answer.status === 0 && answer.stdout.includes('\nStatus: install ok installed\n');
}

/** What to put before a command that needs root; undefined if this user cannot become root without a password. */
function asRoot(): readonly string[] | undefined {
  if (process.getuid?.() === 0) return [];
  return spawnSync('sudo', ['-n', 'true']).status === 0 ? ['sudo', '-n'] : undefined;
}

function run(command: readonly string[]): void {
  const [program = '', ...args] = command;
  execFileSync(program, args, { stdio: 'inherit' });
}

process.exitCode = main();
