import { spawn } from 'node:child_process';
import type { DirectoryServer } from '@sallyport/testkit';

/** Debian's own LDAP commands: clients that share no line of code with the product. */
export interface LdapTools {
  /** LDIF change records, applied in order; throws with what the server said at the first that is refused. */
  modify(ldif: string, options?: { readonly controls?: readonly string[] }): Promise<void>;
  /** The same over TLS, which some changes ask for. */
  modifySecurely(ldif: string): Promise<void>;
  /** Entries below `base`; values by attribute name in lower case. */
  search(
    base: string,
    filter: string,
    attributes?: readonly string[],
    options?: { readonly controls?: readonly string[]; readonly scope?: 'base' | 'one' | 'sub' },
  ): Promise<readonly FoundEntry[]>;
  /** Deletes the entry with everything below it, entry by entry. */
  removeTree(dn: string): Promise<void>;
}

export interface FoundEntry {
  readonly dn: string;
  readonly attributes: Readonly<Record<string, readonly string[]>>;
}

export interface LdapAccount {
  readonly bindDn: string;
  readonly bindPassword: string;
}

export function ldapTools(directory: DirectoryServer, account: LdapAccount = directory): LdapTools {
  const bindTo = (url: string): string[] => [
    ...['-x', '-H', url, '-D', account.bindDn, '-w', account.bindPassword],
  ];
  const bind = bindTo(directory.url);
  const controlArguments = (controls: readonly string[] = []): string[] =>
    controls.flatMap((control) => ['-e', control]);
  return {
    modify: async (ldif, options = {}) => {
      await runTool('ldapmodify', [...bind, ...controlArguments(options.controls)], ldif);
    },
    modifySecurely: async (ldif) => {
      await runTool('ldapmodify', bindTo(directory.ldapsUrl), ldif, { LDAPTLS_CACERT: directory.caFile });
    },
    search: async (base, filter, attributes = [], options = {}) => {
      const scope = options.scope ?? 'sub';
      const answer = await runTool('ldapsearch', [
        ...bind,
        ...controlArguments(options.controls),
        ...['-LLL', '-o', 'ldif-wrap=no', '-E', 'pr=1000/noprompt', '-b', base, '-s', scope, filter],
        ...attributes,
      ]);
      return readEntries(answer);
    },
    removeTree: async (dn) => {
      await runTool('ldapdelete', [...bind, '-r', dn]);
    },
  };
}

function runTool(
  name: string,
  args: readonly string[],
  input = '',
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(name, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      // No settings of the machine or of whoever runs the stories.
      env: { PATH: process.env.PATH ?? '', LDAPCONF: '/dev/null', ...environment },
    });
    let output = '';
    let errors = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
    });
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk.toString('utf8');
    });
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${name} ended with ${code}: ${errors.trim()}\n${input}`));
    });
    // A program that ends before it has read everything says why by its exit.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}

/** LDIF without folded lines (RFC 2849); base64 is decoded as UTF-8. */
function readEntries(ldif: string): FoundEntry[] {
  const entries: FoundEntry[] = [];
  for (const record of ldif.split(/\n\n+/)) {
    const attributes: Record<string, string[]> = {};
    let dn: string | undefined;
    for (const line of record.split('\n')) {
      const [, name, isBase64, value] = /^([^:#][^:]*):(:?) ?(.*)$/.exec(line) ?? [];
      if (name === undefined || value === undefined) continue;
      const text = isBase64 === ':' ? Buffer.from(value, 'base64').toString('utf8') : value;
      if (name === 'dn') dn = text;
      else {
        const key = name.toLowerCase();
        attributes[key] = [...(attributes[key] ?? []), text];
      }
    }
    if (dn !== undefined) entries.push({ dn, attributes });
  }
  return entries;
}
