import type { RootDse } from '../root-dse.ts';
import { activeDirectory } from './active-directory.ts';
import type { Dialect } from './dialect.ts';
import { ds389, generic, openDj, openLdap, pingDirectory } from './standard.ts';

/** LDAP_CAP_ACTIVE_DIRECTORY_OID (MS-ADTS 3.1.1.3.4.3.1). */
const ACTIVE_DIRECTORY = '1.2.840.113556.1.4.800';

/**
 * The server's own word goes before the operator's: a gateway set up with the wrong vendor then still works, and the
 * check says what was found. The vendor decides only where the root DSE is silent.
 */
export function chooseDialect(rootDse: RootDse, vendor: string | undefined): Dialect {
  if (rootDse.supportedCapabilities.has(ACTIVE_DIRECTORY)) return activeDirectory;
  const name = `${rootDse.vendorName ?? ''} ${rootDse.vendorVersion ?? ''}`.toLowerCase();
  if (/ping ?directory|unboundid|ping identity/.test(name)) return pingDirectory;
  if (/opendj|forgerock|open identity platform|wren/.test(name)) return openDj;
  if (name.includes('389')) return ds389;
  if (rootDse.isOpenLdap) return openLdap;
  switch (vendor) {
    case 'Microsoft Active Directory':
      return activeDirectory;
    case 'PingDirectory':
      return pingDirectory;
    case 'OpenDJ Directory Server':
      return openDj;
    default:
      return generic;
  }
}
