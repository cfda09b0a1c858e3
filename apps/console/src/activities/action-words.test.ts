import { expect, test } from 'vitest';
import { actionWords } from './action-words.ts';

test.each([
  ['GATEWAYS.CREATE_CREDENTIAL', 'gateways: create credential'],
  ['RULE_STATE.EXPLAIN', 'rule state: explain'],
  ['SERVER_STARTED', 'server started'],
])('%s reads %s', (type, words) => {
  expect(actionWords(type)).toBe(words);
});
