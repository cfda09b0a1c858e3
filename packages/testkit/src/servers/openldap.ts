import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { testCertificates } from '../certificates/test-certificates.ts';
import type { DirectoryServer } from './directory-server.ts';
import { startCopy } from './running-copy.ts';
import { startServerProcess } from './server-process.ts';
import { templateFolder } from './template-folder.ts';

export interface OpenLdapOptions {
  /** LDIF file loaded before the start, below the suffix `dc=corp,dc=example`, whose entry exists already. */
  readonly ldif?: string;
  /** A loopback address; default: a free one of 127.77.0.0/24. */
  readonly address?: string;
}

const run = promisify(execFile);
const suffix = 'dc=corp,dc=example';
const password = 'Passw0rd.1';
/** Above 1023, so that any user may open them; the address is ours alone, so they may be fixed. */
const port = 10_389;
const tlsPort = 10_636;
/** Debian keeps slapd out of an ordinary user's PATH. */
const env = { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin` };

/**
 * Starts an OpenLDAP slapd of its own with syncprov, accesslog (`cn=accesslog`), a computed memberOf and referential
 * integrity: 0.1 s once the template exists.
 */
export async function startOpenLdap(options: OpenLdapOptions = {}): Promise<DirectoryServer> {
  const template = await openLdapTemplate(options.ldif);
  const copy = await startCopy({
    name: 'openldap',
    template,
    address: options.address,
    port,
    tlsPort,
    start: startIn,
  });
  return {
    ...copy,
    baseDn: suffix,
    bindDn: `cn=admin,${suffix}`,
    bindPassword: password,
  };
}

async function openLdapTemplate(ldif: string | undefined): Promise<string> {
  // slapd prints its version on standard error and exits 1 with -VV
  const version = await run('slapd', ['-VV'], { env }).then(
    (answer) => answer.stderr,
    (error: Error & { stderr?: string }) => {
      if (error.stderr?.includes('OpenLDAP')) return error.stderr;
      throw new Error(
        `OpenLDAP is not installed (${error.message}). Run: npx node scripts/directories/install.ts`,
      );
    },
  );
  const key = [version, slapdConf('FOLDER'), ...(ldif === undefined ? [] : [await readFile(ldif)])];
  return templateFolder(ldif === undefined ? 'openldap' : 'openldap-loaded', key, async (folder) => {
    await mkdir(join(folder, 'data'));
    await mkdir(join(folder, 'accesslog'));
    await writeFile(join(folder, 'slapd.conf'), slapdConf(folder));
    const root = join(folder, 'suffix.ldif');
    await writeFile(root, `dn: ${suffix}\nobjectClass: top\nobjectClass: domain\ndc: corp\n`);
    for (const file of ldif === undefined ? [root] : [root, ldif]) {
      await run('slapadd', ['-q', '-f', join(folder, 'slapd.conf'), '-b', suffix, '-l', file], { env });
    }
  });
}

async function startIn(folder: string, address: string) {
  await writeFile(join(folder, 'slapd.conf'), slapdConf(folder));
  return startServerProcess({
    program: '/usr/sbin/slapd',
    args: [
      '-h',
      `ldap://${address}:${port} ldaps://${address}:${tlsPort}`,
      '-f',
      join(folder, 'slapd.conf'),
      '-d',
      '0',
    ],
    cwd: folder,
    logFile: join(folder, 'slapd.log'),
    host: address,
    ports: [port, tlsPort],
  });
}

function slapdConf(folder: string): string {
  return `include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
include /etc/ldap/schema/nis.schema
include /etc/ldap/schema/dyngroup.schema
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload syncprov
moduleload accesslog
moduleload dynlist
moduleload refint
pidfile ${folder}/pid
TLSCertificateFile ${testCertificates.serverFile}
TLSCertificateKeyFile ${testCertificates.keyFile}
sizelimit unlimited
tool-threads 2
threads 4

database config
rootdn cn=admin,cn=config
rootpw ${password}

# counts the operations, for the bench
database monitor
access to * by users read by * none

database mdb
suffix cn=accesslog
directory ${folder}/accesslog
maxsize 4294967296
rootdn cn=accesslog
dbnosync
index default eq
index entryCSN,objectClass,reqEnd,reqResult,reqStart
overlay syncprov
syncprov-nopresent TRUE
syncprov-reloadhint TRUE

database mdb
suffix ${suffix}
rootdn cn=admin,${suffix}
rootpw ${password}
directory ${folder}/data
maxsize 4294967296
dbnosync
index objectClass eq
index uid,mail,employeeNumber,cn eq
index entryCSN,entryUUID,modifyTimestamp eq
index member eq
limits dn.exact="cn=admin,${suffix}" size=unlimited time=unlimited
# any account of the suffix may read; only the administrator above writes
access to attrs=userPassword by anonymous auth by * none
access to * by users read by * none
overlay syncprov
syncprov-checkpoint 1000 10
syncprov-sessionlog 100000
overlay accesslog
logdb cn=accesslog
logops writes
logsuccess TRUE
logpurge 7+00:00 1+00:00
# old values of persons only: a group's would be written out whole with every change of one member
logold (objectClass=person)
# memberOf is computed, as PingDirectory's isMemberOf is: a member change does not touch the user
overlay dynlist
dynlist-attrset groupOfURLs memberURL member+memberOf@groupOfNames
overlay refint
refint_attributes member
refint_nothing cn=admin,${suffix}
`;
}
