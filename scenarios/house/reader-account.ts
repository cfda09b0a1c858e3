import type { LdapAccount } from './ldap-tools.ts';
import { ldifLine } from './people.ts';
import type { StoryHouse } from './story-house.ts';

const PASSWORD = 'Open-Sesam3.1';

/** An account that may read what anybody may read, and nothing more: made as an administrator would, by LDAP. */
export async function makeReader(house: StoryHouse, name: string): Promise<LdapAccount> {
  const { directory, spelling, tools } = house;
  const dn = `${spelling.rdnAttribute}=${name},${directory.baseDn}`;
  await tools.modify(
    spelling.isActiveDirectory
      ? `dn: ${dn}
changetype: add
objectClass: user
sAMAccountName: ${name}
userAccountControl: 544
`
      : `dn: ${dn}
changetype: add
objectClass: account
objectClass: simpleSecurityObject
uid: ${name}
userPassword: ${PASSWORD}
`,
  );
  // Active Directory takes passwords over TLS alone, in quotes and UTF-16 (MS-ADTS 3.1.1.3.1.5).
  if (spelling.isActiveDirectory)
    await tools.modifySecurely(
      `dn: ${dn}\nchangetype: modify\nreplace: unicodePwd\nunicodePwd:: ${Buffer.from(`"${PASSWORD}"`, 'utf16le').toString('base64')}\n-\n${ldifLine('replace', 'userAccountControl')}userAccountControl: 66048\n-\n`,
    );
  return { bindDn: dn, bindPassword: PASSWORD };
}
