import { LdapError } from '@sallyport/ldap';
import { expect, it } from 'vitest';
import { GROUPS_NEED, keyAt, membersAt, normal, type SourceStage } from './source-stage.ts';

const signal = new AbortController().signal;

/** Which groups have somebody for a member, asked for people and not for groups. */
export function registerNamingCases(stage: SourceStage): void {
  const { isAd } = stage;

  it.each([{}, { NESTED_GROUPS: 'Flattened' }])(
    'names in groups of every kind whom a full read finds in them, %o',
    async (nesting) => {
      const { baseDn } = stage.directory;
      const base = await stage.unit(baseDn);
      const outside = await stage.unit(baseDn);
      const login = stage.name('Ana');
      const ana = await stage.person(base, login, { title: 'Manager' });
      const rui = await stage.person(base, stage.name('rui'), { title: 'Clerk' });
      const eva = await stage.person(base, stage.name('eva'), { title: 'Clerk' });
      const prefix = stage.name('Kind');
      let groups = 0;
      const name = () => `${prefix}-${++groups}`;
      const inner = await stage.group(outside, name(), [rui]);
      const between = await stage.group(base, name(), [inner]);
      await stage.join(inner, between);
      const outer = await stage.group(base, name(), [between, eva]);
      const kinds = [between, outer];
      if (isAd) {
        const everyone = `CN=Domain Users,CN=Users,${baseDn}`;
        kinds.push(everyone, await stage.group(base, name(), [everyone]));
      } else {
        const odd = [
          { objectClass: 'posixGroup', gidNumber: '4713', memberUid: login.toLowerCase() },
          {
            objectClass: 'groupOfURLs',
            memberURL: `ldap:///${encodeURIComponent(base)}??sub?(title=Manager)`,
          },
          { objectClass: ['groupOfNames', 'ds-virtual-static-group'], 'ds-target-group-dn': between },
        ];
        for (const values of odd) {
          const cn = name();
          const dn = await stage
            .add(`CN=${cn},${base}`, { cn, ...values })
            .catch((error: unknown) => withoutKind(error));
          if (dn !== undefined) kinds.push(dn, await stage.group(base, name(), [dn]));
        }
      }
      const configuration = {
        ...nesting,
        USERS_RELATIVE_DN: base.slice(0, base.indexOf(',')),
        ...(isAd
          ? { GROUPS_LDAP_FILTER: `(|(cn=Domain Users)(cn=${prefix}*))` }
          : { GROUPS_RELATIVE_DN: base.slice(0, base.indexOf(',')) }),
      };
      const read = await stage.readAll(await stage.reader(baseDn, configuration), GROUPS_NEED);
      const people = [ana, rui, eva];
      // Another reader: what one remembers of its reading is no condition.
      const named = await (await stage.reader(baseDn, configuration)).namedBy(
        people.map((place) => ({ key: keyAt(read, place), place })),
        signal,
      );
      const places = normal(...people);
      for (const group of kinds) {
        const found = [...(named.get(keyAt(read, group)) ?? [])].map((one) => one.slice(3)).sort();
        expect([group, found]).toEqual([
          group,
          membersAt(read, group).filter((member) => places.includes(member)),
        ]);
      }
      const total = kinds.flatMap((group) => [...(named.get(keyAt(read, group)) ?? [])]);
      expect(total.length).toBeGreaterThan(isAd ? 3 : 0);
    },
  );
}

/** The schema of the server lacks the class or forbids the combination. */
function withoutKind(error: unknown): undefined {
  if (error instanceof LdapError && [16, 17, 21, 53, 65, 69].includes(error.resultCode ?? -1))
    return undefined;
  throw error;
}
