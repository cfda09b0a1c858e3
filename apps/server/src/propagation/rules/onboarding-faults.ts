import { compileText, type MadeText } from '@sallyport/engine';
import type { Schema } from '@sallyport/ldap';
import { type InboundSettings, readUuid, Secret, type Uuid } from '@sallyport/model';
import type { Clock } from '@sallyport/runtime';
import type { Store } from '@sallyport/store';
import { allItems } from '../../http/all-items.ts';
import type { Faults } from '../../http/refuse.ts';
import type { DefaultPasswords } from '../../passwords/password-hash.ts';
import { checkExpression, checkSourceAttributes } from '../mappings/mapping-faults.ts';

export interface OnboardingChecks {
  readonly store: Pick<Store, 'populations'>;
  readonly passwordFault: DefaultPasswords['fault'];
  readonly clock: Clock;
}

/** What is wrong with what a rule gives to new users. What needs no attribute is evaluated now: it is the same for everybody. */
export async function checkOnboarding(
  { store, passwordFault, clock }: OnboardingChecks,
  environmentId: Uuid,
  settings: InboundSettings,
  schema: Schema | undefined,
  faults: Faults,
): Promise<void> {
  const check = (key: string, expression: string | undefined): MadeText | undefined => {
    if (expression === undefined) return undefined;
    const before = faults.details.length;
    const target = `configuration.${key}`;
    checkSourceAttributes(checkExpression(expression, target, faults), schema, target, faults);
    if (faults.details.length > before) return undefined;
    const compiled = compileText(expression);
    if (compiled.needs.length > 0) return undefined;
    const made = compiled.make(
      { values: () => [], attributeNames: () => [], active: undefined },
      {},
      clock.now(),
    );
    if (made.ok && made.text !== '') return made;
    const why = made.ok ? 'gives an empty text' : `cannot be evaluated (${made.code})`;
    faults.add('INVALID_EXPRESSION', target, `${key} ${why}, for every object alike`);
    return undefined;
  };

  const password = check('DEFAULT_PASSWORD_EXPRESSION', settings.defaultPasswordExpression);
  const fault = password?.ok === true ? passwordFault(new Secret(password.text)) : undefined;
  if (fault !== undefined)
    faults.add(
      'PASSWORD_POLICY_VIOLATION',
      'configuration.DEFAULT_PASSWORD_EXPRESSION',
      `DEFAULT_PASSWORD_EXPRESSION gives a password that ${fault}`,
    );

  const missing = (key: string, text: string, names: readonly string[]): void =>
    faults.add(
      'INVALID_VALUE',
      `configuration.${key}`,
      `There is no population ${JSON.stringify(text)} in this environment; it has ${names.join(', ')}`,
    );
  const population = check('POPULATION_EXPRESSION', settings.populationExpression);
  const fixed = population?.ok === true ? population.text : undefined;
  if (fixed === undefined && settings.populationId === undefined) return;
  const all = await allItems((request) => store.populations.list(environmentId, request));
  const names = all.slice(0, 10).map(({ name }) => JSON.stringify(name));
  if (fixed !== undefined && !all.some(({ id, name }) => id === fixed || sameName(name, fixed)))
    missing('POPULATION_EXPRESSION', fixed, names);
  const { populationId } = settings;
  if (populationId !== undefined && !all.some(({ id }) => id === readUuid(populationId)))
    missing('POPULATION_ID', populationId, names);
}

function sameName(left: string, right: string): boolean {
  return left.localeCompare(right, 'en', { sensitivity: 'accent' }) === 0;
}
