import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const sources = globSync('**/*.{ts,tsx,css}', { cwd: import.meta.dirname })
  .filter((path) => !path.endsWith('.test.ts'))
  .map((path) => ({ path, text: readFileSync(`${import.meta.dirname}/${path}`, 'utf8') }));

/** What must not spread, and where it may be. */
const FORBIDDEN: readonly {
  readonly what: string;
  readonly pattern: RegExp;
  readonly except?: readonly string[];
}[] = [
  { what: 'HTML from data', pattern: /dangerouslySetInnerHTML|innerHTML|insertAdjacentHTML|document\.write/ },
  { what: 'code from text', pattern: /\beval\(|new Function\(/ },
  {
    what: 'another way to the server than the client of the contract',
    pattern: /\bfetch\(|XMLHttpRequest|EventSource/,
    except: ['api/make-client.ts'],
  },
  { what: 'storage beside the session', pattern: /localStorage|document\.cookie|indexedDB/ },
  { what: 'credentials of the tab', pattern: /sessionStorage/, except: ['session/entrance.tsx'] },
  {
    what: 'components that write style elements',
    pattern: /\b(AppShell|SimpleGrid|Grid|Flex|hiddenFrom|visibleFrom)\b/,
  },
  { what: 'addresses elsewhere', pattern: /https?:\/\/(?!www\.w3\.org|relative\.invalid)/ },
];

test.each(FORBIDDEN)('there is no place with $what', ({ pattern, except = [] }) => {
  const found = sources.filter(({ path, text }) => pattern.test(text) && !except.includes(path));
  expect(found.map(({ path }) => path)).toEqual([]);
});

test('every source was looked at', () => {
  expect(sources.length).toBeGreaterThan(60);
});
