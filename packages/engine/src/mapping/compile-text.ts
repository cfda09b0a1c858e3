import { compileExpression, ExpressionError, toAttributeValues } from '@sallyport/expression';
import { SourceRoot, type SourceValues } from './source-root.ts';

export type MadeText =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly code: string; readonly message: string };

/** An expression that makes exactly one text of an object: a place, a password. */
export interface CompiledText {
  /** Root attributes it needs, in its own spelling; the names of the caller among them. `*` if it may look at any. */
  readonly needs: readonly string[];
  /** As `needs`, with the part that is read of an attribute: `name.given`. */
  readonly paths: readonly string[];
  /**
   * `names` are texts that stand at the root beside the attributes and before them, by upper-case name, whatever the case
   * they are written in. `now` is epoch ms.
   */
  make(source: SourceValues, names: Readonly<Record<string, string>>, now: number): MadeText;
}

/** @throws ExpressionError with all problems. */
export function compileText(expression: string): CompiledText {
  const compiled = compileExpression(expression);
  const attributes = new SourceRoot();
  return {
    needs: compiled.usesWholeRoot ? ['*', ...compiled.attributes] : compiled.attributes,
    paths: compiled.paths,
    make: (source, names, now) => {
      attributes.look(source);
      const root = {
        get: (name: string) => names[name.toUpperCase()] ?? attributes.get(name),
        names: () => [...Object.keys(names), ...attributes.names()],
      };
      try {
        const [text, ...more] = toAttributeValues(compiled.evaluate(root, { now }));
        if (text === undefined)
          return {
            ok: false,
            code: 'REQUIRED_VALUE',
            message: 'the expression gave no value, one is needed',
          };
        if (more.length > 0)
          return {
            ok: false,
            code: 'TOO_MANY_VALUES',
            message: `the expression gave ${more.length + 1} values, exactly one is needed`,
          };
        return { ok: true, text };
      } catch (error) {
        if (!(error instanceof ExpressionError)) throw error;
        return { ok: false, code: error.code, message: error.message };
      }
    },
  };
}
