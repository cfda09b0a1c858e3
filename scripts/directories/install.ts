// Installs the real LDAP servers the *.directory.ts tests run on (Debian packages); no service is started.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';

const packages = [
  'samba',
  'samba-dsdb-modules',
  'samba-ad-provision',
  'ldb-tools',
  'ldap-utils',
  'slapd',
  '389-ds-base',
  'openssl',
];
const policyFile = '/usr/sbin/policy-rc.d';

function main(): number {
  const missing = packages.filter((name) => !isInstalled(name));
  if (missing.length === 0) {
    console.log('All directory servers are installed.');
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

function isInstalled(name: string): boolean {
  const answer = spawnSync('dpkg', ['--status', name], { encoding: 'utf8' });
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
