import { Document, isMap, isScalar, visit } from 'yaml';
import type { Setup } from './setup-file.ts';

/** What is left out where it is the default, so that a file says what matters. */
const DEFAULTS: Readonly<Record<string, unknown>> = {
  followReferrals: false,
  managed: false,
  createOnly: false,
  trim: false,
  case: 'NONE',
  parser: 'NONE',
  deprovision: false,
};

/** The set-up as YAML; `apply` reads it back. Bind passwords are not in it: nobody can read them. */
export function writeSetup(setup: Setup, heading: readonly string[]): string {
  const document = new Document({
    version: setup.version,
    gateways: setup.gateways,
    connections: setup.connections,
    // A rule without mappings of its own uses the directory's defaults: it says nothing about mappings.
    rules: setup.rules.map(({ mappings = [], ...rule }) => ({
      ...rule,
      ...(mappings.length === 0
        ? {}
        : {
            mappings: mappings.map(({ type, ...mapping }) =>
              type === 'userAttributeMapping' ? mapping : { ...mapping, type },
            ),
          }),
    })),
  });
  document.commentBefore = heading.map((line) => ` ${line}`).join('\n');
  visit(document, {
    Pair: (_, pair, path) => {
      const parent = path.at(-2);
      const inConfiguration = isConfiguration(parent);
      if (inConfiguration || !isScalar(pair.key) || !isScalar(pair.value)) return undefined;
      return String(pair.key.value) in DEFAULTS && DEFAULTS[String(pair.key.value)] === pair.value.value
        ? visit.REMOVE
        : undefined;
    },
    Scalar: (_, node) => {
      // `${NAME}` would be taken for a variable when it is read back.
      if (typeof node.value === 'string') node.value = node.value.replaceAll('${', '$${');
      return undefined;
    },
  });
  return document.toString({ lineWidth: 0 });
}

function isConfiguration(node: unknown): boolean {
  return (
    typeof node === 'object' &&
    node !== null &&
    'key' in node &&
    isScalar(node.key) &&
    node.key.value === 'configuration' &&
    'value' in node &&
    isMap(node.value)
  );
}
