import { compileExpression, ExpressionError, rootFromObject, toAttributeValues } from '@sallyport/expression';
import type { Clock } from '@sallyport/runtime';
import type { HandlerGroup } from '../http/handlers.ts';

/** Evaluates an expression as a mapping would. What is wrong with it is an answer here, not a failed request. */
export function makeExpressionHandlers(clock: Clock): HandlerGroup<'expressions'> {
  return {
    evaluate: async ({ body }) => {
      let attributes: readonly string[] = [];
      try {
        const expression = compileExpression(body.expression);
        attributes = expression.attributes;
        const value = expression.evaluate(rootFromObject(singleValuesUnwrapped(body.attributes ?? {})), {
          now: clock.now(),
        });
        return { values: [...toAttributeValues(value)], type: typeName(value), attributes: [...attributes] };
      } catch (error) {
        if (!(error instanceof ExpressionError)) throw error;
        const { code, message, position } = error;
        return { values: [], type: 'error', attributes: [...attributes], error: { code, message, position } };
      }
    },
  };
}

/** One value is a text to an expression, several are a list, none is null: as a source shows them. */
function singleValuesUnwrapped(
  attributes: Readonly<Record<string, string | readonly string[]>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, values]) => {
      if (typeof values === 'string') return [name, values];
      return [name, values.length === 0 ? null : values.length === 1 ? values[0] : values];
    }),
  );
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  if (value instanceof Map) return 'map';
  return typeof value === 'string' || typeof value === 'boolean' ? typeof value : 'number';
}
