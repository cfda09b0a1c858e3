import type { HealthMessage } from '@sallyport/contract';
import { LdapError } from '@sallyport/ldap';
import type { Clock } from '@sallyport/runtime';
import type { DirectoryHolder } from './directory-holder.ts';

const CHECK_TIMEOUT_MS = 15_000;

/** Failures after which the server was there but would not have us. */
const SIGN_ON_FAILURES: ReadonlySet<string> = new Set([
  'LDAP_BIND_REFUSED',
  'LDAP_EMPTY_PASSWORD',
  'LDAP_START_TLS_REFUSED',
  'LDAP_TLS_UNTRUSTED',
  'LDAP_TLS_FAILED',
]);

/** Reads the root DSE, which needs a connection that is signed on, and says how that went. Never rejects. */
export async function checkHealth(
  directory: DirectoryHolder,
  clock: Clock,
  configurationSequence: number,
): Promise<HealthMessage> {
  const report = (
    found: Pick<HealthMessage, 'reachable' | 'bound'>,
    error?: { readonly code: string; readonly message: string },
  ): HealthMessage => {
    const { server } = directory;
    return {
      type: 'health',
      configurationSequence,
      ...found,
      ...(server === undefined ? {} : { server }),
      ...(error === undefined ? {} : { error }),
      checkedAt: new Date(clock.now()).toISOString(),
    };
  };
  try {
    await directory.use(async (client) => {
      const request = {
        base: '',
        scope: 'base',
        filter: { kind: 'present', attribute: 'objectClass' },
        attributes: ['1.1'],
      } as const;
      const search = client.search(request, { signal: AbortSignal.timeout(CHECK_TIMEOUT_MS) });
      for await (const bytes of search) if (bytes.length === 0) break;
      await search.outcome;
    });
    return report({ reachable: true, bound: true });
  } catch (error) {
    const code = error instanceof LdapError ? error.code : 'GATEWAY_FAULT';
    const message = error instanceof Error ? error.message : String(error);
    // An answer of the server, whatever it says, came over a connection that was signed on.
    if (error instanceof LdapError && error.resultCode !== undefined && code !== 'LDAP_BIND_REFUSED') {
      return report({ reachable: true, bound: true });
    }
    return report({ reachable: SIGN_ON_FAILURES.has(code), bound: false }, { code, message });
  }
}
