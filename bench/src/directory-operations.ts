import { spawnSync } from 'node:child_process';
import type { DirectoryServer } from '@sallyport/testkit';

/** LDAP operations that the server has completed since its start, by its own count. */
export function completedOperations(directory: DirectoryServer): number {
  const { stdout, status } = spawnSync(
    'ldapsearch',
    [
      ...['-x', '-H', directory.url, '-D', directory.bindDn, '-w', directory.bindPassword],
      ...['-b', 'cn=Operations,cn=Monitor', '-s', 'base', '-LLL', 'monitorOpCompleted'],
    ],
    { encoding: 'utf8' },
  );
  const count = /monitorOpCompleted: (\d+)/.exec(stdout)?.[1];
  if (status !== 0 || count === undefined) throw new Error(`cn=Monitor is not readable: ${stdout}`);
  return Number(count);
}

/** What one look at the counter itself costs: bind, search, unbind. */
export const OPERATIONS_OF_A_LOOK = 3;
