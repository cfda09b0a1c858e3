import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { functionNames } from './libraries/catalogue.ts';

const guide = readFileSync(new URL('../../../docs/expressions.md', import.meta.url), 'utf8');

it('the guide describes every function under its library', () => {
  const missing = functionNames().filter((qualified) => {
    const [library = '', name = ''] = qualified.split('.');
    const section = guide.split(/^## /m).find((part) => part.split('\n')[0]?.includes(`#${library}`)) ?? '';
    return !new RegExp(`[\`.]${name}\\(`).test(section);
  });
  expect(missing).toEqual([]);
});
