import { Secret } from '@sallyport/model';
import type { SourceValues } from '../mapping/source-root.ts';
import type { CompiledOnboarding } from './compile-onboarding.ts';

/** What one new object gets. */
export interface Onboarding {
  /** Must be changed by its owner before anything else. */
  readonly password: Secret | undefined;
  readonly population: Population | undefined;
}

/** `text` is what the expression gave; `id` is known once the target has been asked. */
export interface Population {
  readonly text: string;
  readonly id: string | undefined;
}

/** What the target says of a name or id: which population that is, or why there is none. */
export type PopulationAnswer =
  | { readonly found: true; readonly id: string; readonly name: string }
  | { readonly found: false; readonly message: string };

export type OnboardingResult =
  | { readonly ok: true; readonly onboarding: Onboarding }
  | { readonly ok: false; readonly code: string; readonly message: string };

const NO_NAMES = {};

/**
 * Evaluates the expressions for one object, which need not become a new one: so that it can be done while the object is
 * alive. Pure. A message never holds a value that might be the password, or part of it.
 */
export function makeOnboarding(
  compiled: CompiledOnboarding,
  source: SourceValues,
  now: number,
): OnboardingResult {
  let password: Secret | undefined;
  if (compiled.password !== undefined) {
    const made = compiled.password.make(source, NO_NAMES, now);
    if (!made.ok) return noPassword(made.code, `could not be evaluated (${made.code})`);
    if (made.text === '') return noPassword('EMPTY_VALUE', 'gave an empty text');
    password = new Secret(made.text);
  }
  if (compiled.population === undefined) return { ok: true, onboarding: { password, population: undefined } };
  const made = compiled.population.make(source, NO_NAMES, now);
  const empty = made.ok ? made.text === '' : made.code === 'REQUIRED_VALUE';
  if (!empty && !made.ok)
    return { ok: false, code: made.code, message: `POPULATION_EXPRESSION: ${made.message}` };
  const text = empty ? compiled.fallbackPopulation : made.ok ? made.text : undefined;
  if (text === undefined)
    return {
      ok: false,
      code: 'REQUIRED_VALUE',
      message:
        'POPULATION_EXPRESSION gave nothing for this object, and there is no POPULATION_ID to fall back on',
    };
  return { ok: true, onboarding: { password, population: { text, id: undefined } } };
}

function noPassword(code: string, why: string): OnboardingResult {
  return {
    ok: false,
    code,
    message: `DEFAULT_PASSWORD_EXPRESSION ${why} for this object; give the object the attributes it needs, or correct the expression`,
  };
}

/** The same with the population's id, or with what the target finds wrong. */
export function settleOnboarding(
  result: OnboardingResult | undefined,
  populations: ReadonlyMap<string, PopulationAnswer>,
  passwordFault: ((password: Secret) => string | undefined) | undefined,
): OnboardingResult | undefined {
  if (result === undefined || !result.ok) return result;
  const { password, population } = result.onboarding;
  const fault = password === undefined ? undefined : passwordFault?.(password);
  if (fault !== undefined)
    return {
      ok: false,
      code: 'INVALID_VALUE',
      message: `DEFAULT_PASSWORD_EXPRESSION gave a password that ${fault}`,
    };
  if (population === undefined) return result;
  const answer = populations.get(population.text);
  if (answer?.found === true)
    return { ok: true, onboarding: { password, population: { text: answer.name, id: answer.id } } };
  return {
    ok: false,
    code: 'POPULATION_NOT_FOUND',
    message: `POPULATION_EXPRESSION gave ${JSON.stringify(population.text)}: ${answer?.message ?? 'the target has no populations'}`,
  };
}
