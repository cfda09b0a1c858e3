import type { OptionDefinition, OptionTable } from './option.ts';

/** The text of `--help`: one option a paragraph, with variable and default. */
export function optionHelp(program: string, purpose: string, table: OptionTable): string {
  const options = Object.values(table).map((definition) => {
    const head = `  --${definition.flag} ${definition.type.placeholder}`;
    const facts = `${definition.environmentVariable}${withDefault(definition, '; default: ')}`;
    return `${head}\n      ${definition.description}\n      (${facts})`;
  });
  return [
    `${program}: ${purpose}`,
    '',
    'Options come from a file, from the environment and from flags; the later beats the earlier.',
    '',
    '  --config <file>',
    '      A file of lines NAME=value, with the names of the environment variables.',
    '      (SALLYPORT_CONFIG)',
    ...options,
    '  --help',
    '      Shows this.',
    '',
  ].join('\n');
}

/** The same as a table for the documentation. */
export function optionReference(table: OptionTable): string {
  const rows = Object.values(table).map((definition) => {
    const shown = withDefault(definition, '');
    const value = definition.type.placeholder.replaceAll('|', '\\|');
    return `| \`${definition.environmentVariable}\` | \`--${definition.flag} ${value}\` | ${shown === '' ? '–' : shown.replaceAll('|', '\\|')} | ${definition.description.replaceAll('|', '\\|')} |`;
  });
  return ['| variable | flag | default | meaning |', '|---|---|---|---|', ...rows, ''].join('\n');
}

function withDefault(definition: OptionDefinition<unknown>, before: string): string {
  if (definition.defaultText !== undefined) return `${before}${definition.defaultText}`;
  if (definition.defaultValue === undefined || definition.secret === true) return '';
  return `${before}${String(definition.defaultValue)}`;
}
