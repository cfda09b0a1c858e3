import { readFileSync } from 'node:fs';
import { optionReference } from '@sallyport/runtime';
import { expect, it } from 'vitest';
import { EXIT_CODE } from '../exit-code.ts';
import { gatewayOptions } from './gateway-options.ts';

const manual = readFileSync(new URL('../../../../docs/gateway.md', import.meta.url), 'utf8');

it('are documented as they are defined', () => {
  const table = /<!-- options -->\n([\s\S]*?)<!-- \/options -->/.exec(manual)?.[1];
  expect(table).toBe(optionReference(gatewayOptions));
});

it('end with exit codes that are documented', () => {
  for (const code of Object.values(EXIT_CODE))
    expect(manual).toMatch(new RegExp(`^\\| ${code} \\| \\w`, 'm'));
});
