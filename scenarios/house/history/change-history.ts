import { waitUntil } from '@sallyport/testkit';
import { ldifLine, ldifLines, modifyDnRecord, type Values } from '../people.ts';
import type { Story } from '../story.ts';
import type { StoryHouse } from '../story-house.ts';
import {
  type DirectoryContent,
  type FoundGroup,
  type FoundPerson,
  readContent,
} from './directory-content.ts';
import { canonicalDn, escapedValue, firstPart, isBelow, parentDn } from './distinguished-name.ts';
import { HIDDEN_DESCRIPTION, OUTSIDER_TITLE } from './identities.ts';

// Longer than a page: one function for each sort of change that an administrator makes, and the choice among them.

/** Where a history happens: a place that the rule reads, and one beside it. */
export interface HistoryPlaces {
  readonly inside: string;
  readonly outside: string;
  /** What all its names begin with. */
  readonly prefix: string;
}

/** Records of one LDIF, or a whole tree to take away, with what they are in words. */
interface Change {
  readonly words: string;
  readonly records: readonly string[];
  readonly tree?: string;
}

/** An administrator at work: every step looks at the directory and makes a few changes, the same for the same seed. */
export interface ChangeHistory {
  /** A first population: people in two units, and groups of them. */
  begin(): Promise<void>;
  /** Makes some changes in one go; what they were. */
  step(): Promise<readonly string[]>;
  enableEverybody(): Promise<readonly string[]>;
}

const TITLES = ['Pilot', 'Cook', 'Captain', OUTSIDER_TITLE];
const FAMILIES = ['Silva', 'Müller', "O'Neill", 'Æther', 'van der Berg'];
const DESCRIPTIONS = ['for flying', 'for cooking', HIDDEN_DESCRIPTION];
/** Some names need escaping in a DN, some are not ASCII. */
const TAILS = ['', ', jr', ' ü', '', ' + son', ''];

export function makeChangeHistory(
  house: StoryHouse,
  story: Story,
  places: HistoryPlaces,
  random: () => number,
): ChangeHistory {
  const { spelling, directory } = house;
  const { isActiveDirectory: isAd, account, loginAttribute, unitAttribute } = spelling;
  let names = 0;
  const oneOf = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];
  const chance = (probability: number): boolean => random() < probability;
  const someOf = <T>(list: readonly T[], upTo: number): T[] => {
    const left = [...list];
    const count = Math.min(left.length, Math.floor(random() * (upTo + 1)));
    return Array.from({ length: count }, () => left.splice(Math.floor(random() * left.length), 1)).flat();
  };
  const freshName = (stem: string): string => {
    names += 1;
    return `${places.prefix}${stem}${names}`;
  };
  const personRdn = (login: string): string =>
    isAd ? `CN=${escapedValue(`${login}${oneOf(TAILS) ?? ''}`)}` : `uid=${login}`;
  const groupRdn = (name: string): string => `${isAd ? 'CN' : 'cn'}=${name}`;
  const unitRdn = (name: string): string => `${unitAttribute}=${name}`;

  const addRecord = (dn: string, values: Values): string =>
    `${ldifLine('dn', dn)}changetype: add\n${ldifLines(values)}`;
  const replaceRecord = (dn: string, values: Values): string =>
    `${ldifLine('dn', dn)}changetype: modify\n${Object.entries(values)
      .map(([name, value]) => `replace: ${name}\n${ldifLines({ [name]: value })}-\n`)
      .join('')}`;
  const membersRecord = (how: 'add' | 'delete', dn: string, members: readonly string[]): string =>
    `${ldifLine('dn', dn)}changetype: modify\n${how}: member\n${ldifLines({ member: members })}-\n`;
  const deleteRecord = (dn: string): string => `${ldifLine('dn', dn)}changetype: delete\n`;

  const personRecord = (login: string, dn: string): string =>
    addRecord(dn, {
      objectClass: spelling.personClass,
      [loginAttribute]: login,
      ...(isAd ? {} : { cn: login }),
      givenName: login,
      sn: oneOf(FAMILIES) ?? 'Silva',
      ...(chance(0.8) ? { mail: `${login}@corp.example` } : {}),
      ...(chance(0.7) ? { title: oneOf(TITLES) ?? 'Pilot' } : {}),
      [account.attribute]: chance(0.85) ? account.enabled : account.disabled,
    });
  const groupRecord = (name: string, dn: string, members: readonly string[]): string =>
    addRecord(dn, {
      objectClass: spelling.groupClass,
      ...(isAd ? { sAMAccountName: name } : { cn: name }),
      ...(chance(0.6) ? { description: oneOf(DESCRIPTIONS) ?? 'for flying' } : {}),
      member: [...(spelling.groupsNeedMember ? [directory.bindDn] : []), ...members],
    });

  // Whom nothing happens to: a rule whose whole scope goes away stops, and asks a person.
  const [keeper, keepers] = [`${places.prefix}keeper`, `${places.prefix}keepers`];
  const keeperDn = `${isAd ? 'CN' : 'uid'}=${keeper},${places.inside}`;

  interface Scene extends DirectoryContent {
    /** Every place that may hold something. */
    readonly holders: readonly string[];
  }

  const look = async (): Promise<Scene> => {
    const content = await waitUntil(async () => {
      const seen = await readContent(house, [places.inside, places.outside]);
      return (house.kind !== 'OpenLDAP' || hasIntegrity(seen, places)) && seen;
    }, 'groups name their members as they are called now');
    return {
      ...content,
      people: content.people.filter(({ login }) => login !== keeper),
      groups: content.groups.filter(({ name }) => name !== keepers),
      holders: [places.inside, places.inside, places.outside, ...content.units],
    };
  };

  const personChange = (scene: Scene): Change | undefined => {
    const person = oneOf(scene.people);
    const holder = oneOf(scene.holders) ?? places.inside;
    if (person === undefined || chance(0.15)) {
      const login = freshName('u');
      return { words: `add ${login}`, records: [personRecord(login, `${personRdn(login)},${holder}`)] };
    }
    const { dn, login } = person;
    return oneOf<() => Change>([
      () => ({ words: `sn of ${login}`, records: [replaceRecord(dn, { sn: oneOf(FAMILIES) ?? 'Silva' })] }),
      () => ({
        words: `mail of ${login}`,
        records: [replaceRecord(dn, { mail: `${freshName('m')}@corp.example` })],
      }),
      () => ({ words: `no mail for ${login}`, records: [replaceRecord(dn, { mail: [] })] }),
      () => ({
        words: `title of ${login}`,
        records: [replaceRecord(dn, { title: oneOf(TITLES) ?? 'Cook' })],
      }),
      () => ({
        words: `title of ${login}`,
        records: [replaceRecord(dn, { title: oneOf(TITLES) ?? 'Cook' })],
      }),
      () => accountOf(person),
      () => renamePerson(person),
      () => movePerson(scene, person),
      () => movePerson(scene, person),
      () => ({ words: `delete ${login}`, records: [deleteRecord(dn)] }),
      () => ({
        words: `delete ${login} and add again`,
        records: [deleteRecord(dn), personRecord(login, dn)],
      }),
    ])?.();
  };
  const accountOf = ({ dn, login, disabled }: FoundPerson): Change => {
    const value = disabled ? account.enabled : account.disabled;
    return {
      words: `${disabled ? 'enable' : 'disable'} ${login}`,
      records: [replaceRecord(dn, { [account.attribute]: value })],
    };
  };
  const renamePerson = ({ dn, login }: FoundPerson): Change => {
    const next = freshName('r');
    const renamed = modifyDnRecord(dn, personRdn(next));
    const words = `rename ${login} to ${next}`;
    if (!isAd || chance(0.3)) return { words, records: [renamed] };
    if (chance(0.5)) return { words, records: [replaceRecord(dn, { [loginAttribute]: next })] };
    return { words, records: [replaceRecord(dn, { [loginAttribute]: next }), renamed] };
  };
  const movePerson = ({ holders }: Scene, { dn, login }: FoundPerson): Change => {
    const holder = otherThan(holders, parentDn(dn));
    return holder === undefined
      ? { words: `leave ${login}`, records: [] }
      : { words: `move ${login} to ${holder}`, records: [modifyDnRecord(dn, firstPart(dn), holder)] };
  };
  const otherThan = (holders: readonly string[], parent: string): string | undefined =>
    oneOf(holders.filter((holder) => canonicalDn(holder) !== canonicalDn(parent)));

  const groupChange = (scene: Scene): Change | undefined => {
    const group = oneOf(scene.groups);
    const holder = oneOf(scene.holders) ?? places.inside;
    if (group === undefined || chance(0.12)) {
      const name = freshName('g');
      const members = someOf(candidates(scene, undefined), 6);
      return {
        words: `add ${name} of ${members.length}`,
        records: [groupRecord(name, `${groupRdn(name)},${holder}`, members)],
      };
    }
    const { dn, name } = group;
    return oneOf<() => Change>([
      () => membersChange(scene, group),
      () => membersChange(scene, group),
      () => membersChange(scene, group),
      () => membersChange(scene, group),
      () => membersChange(scene, group),
      () => toAndFro(scene, group),
      () => {
        const next = freshName('n');
        return { words: `rename ${name} to ${next}`, records: [modifyDnRecord(dn, groupRdn(next))] };
      },
      () => {
        const to = otherThan(scene.holders, parentDn(dn));
        return to === undefined
          ? { words: `leave ${name}`, records: [] }
          : { words: `move ${name} to ${to}`, records: [modifyDnRecord(dn, firstPart(dn), to)] };
      },
      () => ({
        words: `description of ${name}`,
        records: [replaceRecord(dn, { description: oneOf([...DESCRIPTIONS, '']) || [] })],
      }),
      () => ({ words: `delete ${name}`, records: [deleteRecord(dn)] }),
      () => ({
        words: `delete ${name} and add again`,
        records: [deleteRecord(dn), groupRecord(name, dn, someOf(candidates(scene, group), 4))],
      }),
    ])?.();
  };
  const candidates = (scene: Scene, group: FoundGroup | undefined): string[] => {
    const present = new Set((group?.members ?? []).map(canonicalDn));
    return [...scene.people, ...scene.groups]
      .filter(({ canonical }) => !present.has(canonical) && canonical !== group?.canonical)
      .map(({ dn }) => dn);
  };
  /** Members whose names this step has not made untrue. */
  const removable = (scene: Scene, group: FoundGroup): string[] => {
    const known = new Set([...scene.people, ...scene.groups].map(({ canonical }) => canonical));
    return group.members.filter((member) => known.has(canonicalDn(member)));
  };
  const membersChange = (scene: Scene, group: FoundGroup): Change => {
    const joining = someOf(candidates(scene, group), 3);
    const leaving = someOf(removable(scene, group), 2);
    return {
      words: `${joining.length} into ${group.name}, ${leaving.length} out`,
      records: [
        ...(joining.length > 0 ? [membersRecord('add', group.dn, joining)] : []),
        ...(leaving.length > 0 ? [membersRecord('delete', group.dn, leaving)] : []),
      ],
    };
  };
  const toAndFro = (scene: Scene, group: FoundGroup): Change => {
    const [joining] = someOf(candidates(scene, group), 1);
    const [leaving] = someOf(removable(scene, group), 1);
    return {
      words: `to and fro in ${group.name}`,
      records: [
        ...(joining === undefined
          ? []
          : [membersRecord('add', group.dn, [joining]), membersRecord('delete', group.dn, [joining])]),
        ...(leaving === undefined
          ? []
          : [membersRecord('delete', group.dn, [leaving]), membersRecord('add', group.dn, [leaving])]),
      ],
    };
  };

  const unitChange = (scene: Scene): Change | undefined => {
    const unit = oneOf(scene.units);
    if (unit === undefined || scene.units.length < 2 || chance(0.2)) {
      const name = freshName('o');
      const holder = oneOf(scene.holders) ?? places.inside;
      const values = { objectClass: 'organizationalUnit', ou: name };
      return { words: `add unit ${name}`, records: [addRecord(`${unitRdn(name)},${holder}`, values)] };
    }
    const canonical = canonicalDn(unit);
    const holders = scene.holders.filter((holder) => !isBelow(canonicalDn(holder), canonical));
    return oneOf<() => Change>([
      () => {
        const name = freshName('o');
        return { words: `rename unit ${unit} to ${name}`, records: [modifyDnRecord(unit, unitRdn(name))] };
      },
      () => {
        const to = otherThan(holders, parentDn(unit)) ?? parentDn(unit);
        return { words: `move unit ${unit} to ${to}`, records: [modifyDnRecord(unit, firstPart(unit), to)] };
      },
      () => {
        const to = otherThan(holders, parentDn(unit)) ?? parentDn(unit);
        return { words: `move unit ${unit} to ${to}`, records: [modifyDnRecord(unit, firstPart(unit), to)] };
      },
      () => {
        const back = modifyDnRecord(`${firstPart(unit)},${places.outside}`, firstPart(unit), parentDn(unit));
        return isBelow(canonicalDn(parentDn(unit)), canonicalDn(places.outside))
          ? { words: 'leave the units', records: [] }
          : {
              words: `move unit ${unit} out and back`,
              records: [modifyDnRecord(unit, firstPart(unit), places.outside), back],
            };
      },
      () => ({ words: `delete tree ${unit}`, records: [], tree: unit }),
    ])?.();
  };

  /** Whether the directory made the changes. slapd's mdb has OUs that it cannot rename, and says so by this text. */
  const applied = async (records: readonly string[]): Promise<boolean> => {
    try {
      await story.people.ldif(records);
      return true;
    } catch (error) {
      if (records.length > 1 || !String(error).includes('DN index add failed')) throw error;
      return false;
    }
  };
  /**
   * slapd puts groups right some time after a move or a deletion, and tells nobody: a name that is taken again by then stays in
   * the group for a moment more, and a group that has moved on by then keeps the old name for good.
   */
  const turnsOf = (records: readonly string[]): readonly (readonly string[])[] => {
    const turns: string[][] = [[]];
    for (const record of records) {
      turns.at(-1)?.push(record);
      if (house.kind === 'OpenLDAP' && /^changetype: (delete|modrdn|moddn)$/m.test(record)) turns.push([]);
    }
    return turns.filter((turn) => turn.length > 0);
  };
  const apply = async (changes: readonly Change[]): Promise<readonly string[]> => {
    const words = changes.map((change) => change.words);
    for (const [at, turn] of turnsOf(changes.flatMap((change) => change.records)).entries()) {
      if (at > 0) await look();
      if (!(await applied(turn))) return words.map((one) => `${one} (refused)`);
    }
    for (const { tree } of changes) if (tree !== undefined) await story.people.removeTree(tree);
    return words;
  };

  return {
    begin: async () => {
      const [team, crew] = [freshName('o'), freshName('o')].map(
        (name) => `${unitRdn(name)},${places.inside}`,
      );
      const holders = [places.inside, team ?? '', crew ?? '', places.outside];
      const people = Array.from({ length: 10 }, () => {
        const login = freshName('u');
        return { login, dn: `${personRdn(login)},${oneOf(holders) ?? places.inside}` };
      });
      const dns = people.map(({ dn }) => dn);
      const groups = Array.from({ length: 4 }, () => {
        const name = freshName('g');
        const dn = `${groupRdn(name)},${oneOf(holders) ?? places.inside}`;
        const record = groupRecord(name, dn, someOf(dns, 6));
        dns.push(dn);
        return record;
      });
      await story.people.ldif([
        ...[places.inside, places.outside, team ?? '', crew ?? ''].map((dn) =>
          addRecord(dn, {
            objectClass: 'organizationalUnit',
            ou: firstPart(dn).slice(unitAttribute.length + 1),
          }),
        ),
        addRecord(keeperDn, {
          objectClass: spelling.personClass,
          [loginAttribute]: keeper,
          ...(isAd ? {} : { cn: keeper }),
          givenName: keeper,
          sn: 'Keeper',
          [account.attribute]: account.enabled,
        }),
        ...people.map(({ login, dn }) => personRecord(login, dn)),
        ...groups,
        addRecord(`${groupRdn(keepers)},${places.inside}`, {
          objectClass: spelling.groupClass,
          ...(isAd ? { sAMAccountName: keepers } : { cn: keepers }),
          member: [keeperDn],
        }),
      ]);
    },
    enableEverybody: async () =>
      apply((await look()).people.filter(({ disabled }) => disabled).map(accountOf)),
    step: async () => {
      const scene = await look();
      if (chance(0.25)) return apply([unitChange(scene)].flatMap((change) => change ?? []));
      // Each change of its own entry: none makes another one's DN untrue. A rename makes members' DNs untrue, so that those
      // who change names do so in steps of their own.
      const changes: Change[] = [];
      if (chance(0.5)) {
        let left: Scene = scene;
        for (let count = 1 + Math.floor(random() * 4); count > 0; count -= 1) {
          const change = personChange(left);
          if (change === undefined) break;
          changes.push(change);
          left = { ...left, people: left.people.filter(({ dn }) => !mentions(change, dn)) };
        }
      } else {
        let left: Scene = scene;
        for (let count = 1 + Math.floor(random() * 4); count > 0; count -= 1) {
          const change = groupChange(left);
          if (change === undefined) break;
          changes.push(change);
          left = { ...left, groups: left.groups.filter(({ dn }) => !mentions(change, dn)) };
        }
      }
      return apply(changes);
    },
  };
}

/** OpenLDAP's referential integrity works a moment behind the change that it follows. */
function hasIntegrity({ people, groups }: DirectoryContent, { inside, outside }: HistoryPlaces): boolean {
  const known = new Set([...people, ...groups].map(({ canonical }) => canonical));
  const bases = [canonicalDn(inside), canonicalDn(outside)];
  return groups.every(({ members }) =>
    members.map(canonicalDn).every((dn) => known.has(dn) || !bases.some((base) => isBelow(dn, base))),
  );
}

function mentions(change: Change, dn: string): boolean {
  const line = ldifLine('dn', dn);
  return change.records.some((record) => record.includes(line.slice(line.indexOf(':') + 1).trim()));
}
