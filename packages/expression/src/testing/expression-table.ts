import { toJsonValue } from '../attribute-values.ts';
import { compileExpression } from '../compiled-expression.ts';
import { ExpressionError } from '../errors.ts';
import { rootFromObject } from '../root.ts';

/** Expression and its result as JSON. */
export type Row = readonly [expression: string, expected: unknown];

class Fails {
  readonly code: string;
  constructor(code: string) {
    this.code = code;
  }
}
/** The expected outcome of an expression that is refused or fails. */
export const fails = (code: string): Fails => new Fails(code);

const user = {
  name: { given: 'Ana', family: 'Silva' },
  role: 'SA',
  loginCount: 7,
  ratio: 2.5,
  groups: ['Admin', 'User'],
  contacts: [
    { info: 'a@x.example', primary: false, type: 'email' },
    { info: 5551234, primary: true, type: 'phone' },
  ],
};
const root = rootFromObject({
  user,
  mail: ['a@x.example', 'b@x.example'],
  one: ['only'],
  none: [],
  empty: '',
  flag: 'TRUE',
  count: '41',
  'user;lang-de': 'Anna',
  big: 9007199254740991,
});

/** What the expression gives on the sample data, as JSON, or its error code. */
export function outcome(expression: string): unknown {
  try {
    return toJsonValue(
      compileExpression(expression).evaluate(root, { now: Date.UTC(2024, 4, 6, 7, 8, 9, 10) }),
    );
  } catch (error) {
    if (error instanceof ExpressionError) return fails(error.code);
    throw error;
  }
}
