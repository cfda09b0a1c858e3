import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type DirectoryServer, defaultBaseDn, personDn } from '@sallyport/testkit';

export interface AppliedDelta {
  readonly deleted: number;
  readonly created: number;
  readonly modified: number;
}

/**
 * The typical delta that Microsoft publishes for planning: 1 % deleted, 1 % created, 5 % modified. Spread evenly over the
 * directory, written by ldapmodify.
 */
export async function applyTypicalDelta(directory: DirectoryServer, people: number): Promise<AppliedDelta> {
  const options = { kind: 'openLdap', people } as const;
  const child = spawn(
    'ldapmodify',
    ['-x', '-H', directory.url, '-D', directory.bindDn, '-w', directory.bindPassword],
    { stdio: ['pipe', 'ignore', 'inherit'] },
  );
  const write = async (text: string): Promise<void> => {
    if (!child.stdin.write(text)) await once(child.stdin, 'drain');
  };
  const counts = { deleted: 0, created: 0, modified: 0 };
  for (let index = 0; index < people; index++) {
    if (index % 100 === 7) {
      await write(`${dnLine(personDn(options, index))}changetype: delete\n\n`);
      counts.deleted += 1;
    } else if (index % 20 === 3) {
      await write(
        `${dnLine(personDn(options, index))}changetype: modify\nreplace: title\ntitle: Moved ${index}\n\n`,
      );
      counts.modified += 1;
    }
    if (index % 100 === 50) {
      await write(newPerson(index));
      counts.created += 1;
    }
  }
  child.stdin.end();
  await once(child, 'close');
  if (child.exitCode !== 0) throw new Error(`ldapmodify ended with ${child.exitCode}`);
  return counts;
}

function newPerson(index: number): string {
  const uid = `joiner${index}`;
  return [
    `dn: uid=${uid},ou=People,${defaultBaseDn.openLdap}`,
    'changetype: add',
    'objectClass: inetOrgPerson',
    `uid: ${uid}`,
    `cn: Joiner ${index}`,
    `sn: Number${index}`,
    'givenName: Joiner',
    `mail: ${uid}@corp.example`,
    '\n',
  ].join('\n');
}

function dnLine(dn: string): string {
  return `dn:: ${Buffer.from(dn).toString('base64')}\n`;
}
