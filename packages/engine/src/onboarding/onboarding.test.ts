import { silentLog } from '@sallyport/runtime';
import { expect, test } from 'vitest';
import { compileMappings } from '../mapping/compile-mappings.ts';
import { makeRule, makeWorld, mapping, person } from '../port/fake/fake-world.ts';
import { readableState, readableTarget } from '../port/readable.ts';
import type { TargetPort, TargetWrite } from '../port/target.ts';
import { previewRule } from '../preview/preview-rule.ts';
import { ruleDigest } from '../rule/rule-digest.ts';
import type { OnboardingRule } from './compile-onboarding.ts';
import type { PopulationAnswer } from './onboarding.ts';

const RULE: OnboardingRule = {
  passwordExpression: "employeeNumber == null ? null : 'Welcome-' + #string.upperCase(employeeNumber)",
  populationExpression: 'departmentNumber',
};

/** A world whose target knows two populations, refuses short passwords and remembers what it was asked to write. */
function setting(onboarding: OnboardingRule = RULE) {
  const world = makeWorld(makeRule({ onboarding }));
  const writes: TargetWrite[] = [];
  const asked: (readonly string[])[] = [];
  const plain = world.store.target();
  const target: TargetPort = {
    ...plain,
    apply: (type, batch, tx) => {
      writes.push(...batch);
      return plain.apply(type, batch, tx);
    },
    onboarding: {
      passwordFault: (password) =>
        password.reveal().length < 9 ? 'is shorter than 9 characters' : undefined,
      populations: async (texts) => {
        asked.push(texts);
        return new Map<string, PopulationAnswer>(
          texts.map((text) =>
            ['Sales', 'p-1'].includes(text)
              ? [text, { found: true, id: 'p-1', name: 'Sales' }]
              : [text, { found: false, message: 'there are "Sales" and "Default"' }],
          ),
        );
      },
    },
  };
  const put = (uid: string, number: string | undefined, department: string | undefined): void => {
    const one = person(uid);
    world.directory.put({
      ...one,
      attributes: {
        ...one.attributes,
        ...(number === undefined ? {} : { employeeNumber: [number] }),
        ...(department === undefined ? {} : { departmentNumber: [department] }),
      },
    });
  };
  return { world, writes, asked, put, target, run: () => world.run('full', { target }) };
}

test('new objects get their password and population, and nothing that people read shows the password', async () => {
  const { world, writes, asked, put, run } = setting();
  put('ann', 'k7x', 'Sales');
  put('bob', 'q9z', 'p-1');
  const { progress } = await run();
  expect(progress.counts).toMatchObject({ created: 2, failed: 0 });
  expect(asked).toHaveLength(1);
  const made = writes.flatMap((write) =>
    write.kind === 'create'
      ? [[write.attributes.username?.[0], write.onboarding?.password?.reveal(), write.onboarding?.population]]
      : [],
  );
  expect(made).toEqual([
    ['ann', 'Welcome-K7X', { text: 'Sales', id: 'p-1' }],
    ['bob', 'Welcome-Q9Z', { text: 'Sales', id: 'p-1' }],
  ]);
  expect(world.store.journal[0]?.changes).toContainEqual({
    attribute: 'password',
    before: [],
    after: [],
    masked: true,
  });
  expect(world.store.journal[0]?.changes).toContainEqual({
    attribute: 'population',
    before: [],
    after: ['Sales'],
  });
  expect(world.store.content()).not.toMatch(/Welcome|K7X/);
});

test('what cannot be made fails its object before creation, says why, and succeeds once mended', async () => {
  const { world, writes, put, run } = setting();
  put('none', undefined, 'Sales');
  put('short', '', 'Sales');
  put('lost', 'k7x', 'Atlantis');
  put('nowhere', 'k7x', undefined);
  put('fine', 'k7x', 'Sales');
  expect((await run()).progress.counts).toMatchObject({ created: 1, failed: 4 });
  expect(writes).toHaveLength(1);
  const told = Object.fromEntries(
    world.store.journal.map((line) => [line.label, [line.errorCode, line.reason]]),
  );
  expect(told.none?.[1]).toContain('DEFAULT_PASSWORD_EXPRESSION');
  expect(told.lost).toEqual([
    'POPULATION_NOT_FOUND',
    'not created: POPULATION_EXPRESSION gave "Atlantis": there are "Sales" and "Default"',
  ]);
  expect(told.nowhere?.[0]).toBe('REQUIRED_VALUE');
  expect(JSON.stringify(world.store.journal)).not.toContain('Welcome');
  put('none', 'k7x', 'Sales');
  put('lost', 'k7x', 'Sales');
  expect((await run()).progress.counts).toMatchObject({ created: 2, failed: 2 });
});

test('a password the target refuses fails the object without being shown', async () => {
  const { world, put, run } = setting({ passwordExpression: "'Pass-' + employeeNumber" });
  put('ann', 'k7x', undefined);
  expect((await run()).progress.counts.failed).toBe(1);
  expect(world.store.journal[0]?.reason).toBe(
    'not created: DEFAULT_PASSWORD_EXPRESSION gave a password that is shorter than 9 characters',
  );
});

test('objects that exist are not asked about it: neither matched nor linked ones fail or change', async () => {
  const { world, writes, run, target } = setting();
  world.directory.put(person('ann'));
  world.rule = makeRule();
  await world.run('full');
  world.rule = makeRule({ onboarding: { populationExpression: 'departmentNumber' } });
  world.directory.put(person('ann', { sn: 'New' }));
  expect((await run()).progress.counts).toMatchObject({ updated: 1, failed: 0 });
  expect(writes.map((write) => write.kind)).toEqual(['update']);
  // Gone from the target: made again is new again.
  const id = world.store.user('ann')?.id ?? '';
  await world.store.state().transaction(async (tx) => {
    await target.apply('user', [{ kind: 'delete', id }], tx);
  });
  expect((await run()).progress.counts.failed).toBe(1);
});

test('nothing given falls back on the fixed population, a failing expression does not', async () => {
  const { writes, put, run } = setting({
    populationExpression: 'departmentNumber',
    fallbackPopulation: 'p-1',
  });
  put('ann', undefined, undefined);
  await run();
  const [write] = writes;
  expect(write?.kind === 'create' && write.onboarding?.population?.id).toBe('p-1');
  const failing = setting({ populationExpression: 'departmentNumber + 1 - 1', fallbackPopulation: 'p-1' });
  failing.put('bob', undefined, 'Sales');
  expect((await failing.run()).progress.counts.failed).toBe(1);
});

test('a preview says the same and its attributes are read without being mapped', async () => {
  const { world, writes, put, target } = setting();
  put('ann', 'k7x', 'Sales');
  put('lost', 'k7x', 'Atlantis');
  const preview = await previewRule({
    source: world.directory.reader(),
    target: readableTarget(target),
    state: readableState(world.store.state()),
    rule: world.rule,
    signal: new AbortController().signal,
    clock: world.clock,
    log: silentLog,
    maxListed: 100,
  });
  expect(preview.counts).toMatchObject({ created: 1, failed: 1 });
  expect(writes).toEqual([]);
  expect(JSON.stringify(preview)).not.toContain('Welcome');
  expect(compileMappings(world.rule, target).needs).toEqual(
    expect.arrayContaining(['employeeNumber', 'departmentNumber']),
  );
});

test('expressions of onboarding are checked with the mappings and force no full run', () => {
  const { world, target } = setting();
  expect(ruleDigest(world.rule)).toBe(ruleDigest(makeRule()));
  const faulty = makeRule({
    onboarding: { passwordExpression: "'x' +", populationExpression: '#string.nothing(a)' },
  });
  expect(() => compileMappings(faulty, target)).toThrow(
    expect.objectContaining({
      code: 'INVALID_MAPPINGS',
      details: [
        expect.objectContaining({ target: 'DEFAULT_PASSWORD_EXPRESSION' }),
        expect.objectContaining({ target: 'POPULATION_EXPRESSION' }),
      ],
    }),
  );
  // Asking for the time does not make every object a changed one.
  const timed = makeRule({
    mappings: [mapping('username', { attribute: 'uid' })],
    onboarding: { passwordExpression: "'P' + #datetime.now().toString()" },
  });
  expect(() => compileMappings(timed, target)).toThrow();
  const now = makeRule({ onboarding: { passwordExpression: "'P' + #datetime.now()" } });
  expect(compileMappings(now, target).usesClock).toBe(false);
});
