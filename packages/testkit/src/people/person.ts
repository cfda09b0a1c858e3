import { type City, cities, departments, familyNames, givenNames, titles } from './names.ts';

/** One invented person. Everything follows from the index and the seed, so a million of them need no memory. */
export interface Person {
  readonly index: number;
  /** Unique, plain ASCII, at most 20 characters: fits sAMAccountName. */
  readonly username: string;
  readonly givenName: string;
  readonly familyName: string;
  /** Unique in the whole population; holds a comma (`O'Brien, Ada B.`), as names in real directories do. */
  readonly commonName: string;
  readonly displayName: string;
  readonly mail: string;
  readonly employeeNumber: string;
  readonly department: string;
  readonly title: string;
  readonly city: City;
  readonly street: string;
  readonly phone: string;
  /** 1 in 20. */
  readonly disabled: boolean;
  /** Index of a person with a lower index; absent for the first. */
  readonly managerIndex?: number;
}

const nameCount = givenNames.length * familyNames.length;
/** Prime and no divisor of the name count, so stepping by it visits every name once before any repeats. */
const nameStep = 1_009;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const peoplePerManager = 8;

/** The person at `index` (0-based) in the population of this `seed`; mail addresses end in `domain`. */
export function personAt(index: number, seed = 1, domain = 'corp.example'): Person {
  const nameIndex = (index * nameStep + seed * 97) % nameCount;
  const givenName = pick(givenNames, Math.floor(nameIndex / familyNames.length));
  const familyName = pick(familyNames, nameIndex % familyNames.length);
  const suffix = namesakeSuffix(Math.floor(index / nameCount));
  const username = `${toAscii(givenName).slice(0, 1)}${toAscii(familyName).slice(0, 10)}${index + 1}`;
  const draw = drawer(index, seed);
  const department = pick(departments, draw(departments.length));
  const title = pick(titles, draw(titles.length));
  const city = pick(cities, draw(cities.length));
  return {
    index,
    username,
    givenName,
    familyName,
    commonName: `${familyName}, ${givenName}${suffix}`,
    displayName: `${givenName}${suffix} ${familyName}`,
    mail: `${toAscii(givenName)}.${toAscii(familyName)}${index + 1}@${domain}`,
    employeeNumber: String(100_000 + index),
    department,
    title,
    city,
    street: `${city.street} ${1 + draw(200)}`,
    phone: `+1 555 ${String(index).padStart(7, '0')}`,
    disabled: index % 20 === 19,
    ...(index > 0 ? { managerIndex: Math.floor((index - 1) / peoplePerManager) } : {}),
  };
}

function namesakeSuffix(occurrence: number): string {
  if (occurrence === 0) return '';
  const letter = alphabet[(occurrence - 1) % alphabet.length] ?? 'A';
  const round = Math.floor((occurrence - 1) / alphabet.length);
  return round === 0 ? ` ${letter}.` : ` ${letter}. ${round + 1}`;
}

/** Letters that NFD does not take apart. */
const unaccented: Readonly<Record<string, string>> = {
  ø: 'o',
  æ: 'ae',
  ß: 'ss',
  ł: 'l',
  ı: 'i',
  þ: 'th',
  đ: 'd',
  ð: 'd',
};

/** Normalising costs more than all the rest of a person; there are under a hundred names. */
const asciiNames = new Map(
  [...givenNames, ...familyNames].map((name) => [name as string, foldToAscii(name)]),
);

function toAscii(name: string): string {
  return asciiNames.get(name) ?? foldToAscii(name);
}

function foldToAscii(name: string): string {
  return name
    .toLowerCase()
    .replace(/[øæßłıþđð]/gu, (letter) => unaccented[letter] ?? '')
    .normalize('NFD')
    .replace(/[^a-z]/g, '');
}

/** A small generator of its own per person, so that a person does not depend on those made before. */
function drawer(index: number, seed: number): (below: number) => number {
  let state = (Math.imul(index + 1, 0x9e3779b1) ^ Math.imul(seed, 0x85ebca6b)) >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

function pick<T>(list: readonly T[], index: number): T {
  const item = list[index % list.length];
  if (item === undefined) throw new RangeError(`No item ${index} in a list of ${list.length}.`);
  return item;
}
