import { ExpressionError } from '@sallyport/expression';
import type { ErrorDetail } from '@sallyport/model';
import { type CompiledText, compileText } from '../mapping/compile-text.ts';

/** What new target objects get beside their attributes; existing ones never. Absent parts are left to the target. */
export interface OnboardingRule {
  readonly passwordExpression?: string | undefined;
  /** Gives the name or the id of a population. */
  readonly populationExpression?: string | undefined;
  /** Where the population expression gives nothing; without it, that is a failure. */
  readonly fallbackPopulation?: string | undefined;
}

export interface CompiledOnboarding {
  /** Source attributes to ask for. */
  readonly needs: readonly string[];
  readonly password: CompiledText | undefined;
  readonly population: CompiledText | undefined;
  readonly fallbackPopulation: string | undefined;
}

/** Compiled once for a run. Faults are added to `faults`, by the name of their setting. */
export function compileOnboarding(
  rule: OnboardingRule | undefined,
  faults: ErrorDetail[],
): CompiledOnboarding | undefined {
  if (rule?.passwordExpression === undefined && rule?.populationExpression === undefined) return undefined;
  const compile = (setting: string, expression: string | undefined): CompiledText | undefined => {
    if (expression === undefined) return undefined;
    try {
      return compileText(expression);
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      for (const problem of error.problems)
        faults.push({ code: problem.code, target: setting, message: `${setting}: ${problem.message}` });
      return undefined;
    }
  };
  const password = compile('DEFAULT_PASSWORD_EXPRESSION', rule.passwordExpression);
  const population = compile('POPULATION_EXPRESSION', rule.populationExpression);
  return {
    needs: [...(password?.needs ?? []), ...(population?.needs ?? [])],
    password,
    population,
    fallbackPopulation: rule.fallbackPopulation,
  };
}
