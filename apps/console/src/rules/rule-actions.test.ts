import { expect, test } from 'vitest';
import { mayRun } from './rule-actions.ts';

test.each(['ACTIVE', 'FAILED', 'HELD'] as const)('a rule that is %s can be run', (state) => {
  expect(mayRun({ state }, 'full')).toEqual({ allowed: true });
  expect(mayRun({ state }, 'delta')).toEqual({ allowed: true });
});

test.each(['INACTIVE', 'WAITING'] as const)('a rule that is %s has a preview only, and says why', (state) => {
  expect(mayRun({ state }, 'preview')).toEqual({ allowed: true });
  expect(mayRun({ state }, 'full')).toEqual({ allowed: false, why: expect.stringMatching(/revision/) });
});

test('while a run is under way no other is started, but a preview may be', () => {
  const status = { state: 'ACTIVE', running: { id: 'r' } } as const;
  expect(mayRun(status, 'delta')).toEqual({ allowed: false, why: 'A run is under way.' });
  expect(mayRun(status, 'preview')).toEqual({ allowed: true });
});

test('nothing is started before the state is known', () => {
  expect(mayRun(undefined, 'preview').allowed).toBe(false);
});
