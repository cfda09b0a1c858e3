import { API_CODES } from './api-codes.ts';
import type { CatalogueEntry } from './catalogue-entry.ts';
import { DIRECTORY_CODES } from './directory-codes.ts';
import { INSTALLATION_CODES } from './installation-codes.ts';
import { PASSWORD_CODES } from './password-codes.ts';
import { PROVISIONING_CODES } from './provisioning-codes.ts';

const SECTIONS: readonly {
  readonly title: string;
  readonly note: string;
  readonly codes: Readonly<Record<string, CatalogueEntry>>;
}[] = [
  { title: 'Requests', note: 'Codes of the REST API, whatever the request is about.', codes: API_CODES },
  {
    title: 'Provisioning',
    note: 'Codes of gateways, stores, rules and runs. Those of runs and objects stand on the run and its changes.',
    codes: PROVISIONING_CODES,
  },
  {
    title: 'Passwords',
    note: 'Codes of passwords of users: what is wrong with a new one, and what checking one can come to.',
    codes: PASSWORD_CODES,
  },
  {
    title: 'Directories',
    note: 'Codes of directories and of the way to them. What a directory server itself refuses has the name of its result code (RFC 4511) after `LDAP_`, such as `LDAP_NO_SUCH_OBJECT`; those with advice of their own stand here.',
    codes: DIRECTORY_CODES,
  },
  {
    title: 'Installation',
    note: 'Codes of the key file and the database; the server stops with them or logs them.',
    codes: INSTALLATION_CODES,
  },
];

/** The page `docs/errors.md`. */
export function errorReference(): string {
  const sections = SECTIONS.map(({ title, note, codes }) => {
    const rows = Object.entries(codes).map(
      ([code, { status, answer, normal, meaning, remedy }]) =>
        `| \`${code}\` | ${status} \`${answer}\` | ${normal ? 'yes' : 'no'} | ${meaning} | ${remedy} |`,
    );
    return [
      `## ${title}`,
      '',
      note,
      '',
      '| code | answered as | normal | what it means | what to do |',
      '|---|---|---|---|---|',
      ...rows,
      '',
    ].join('\n');
  });
  return `${[
    '# Error codes',
    '',
    'Written from the catalogue in `packages/model/src/error`; change it there.',
    '',
    'Every answer that is not a success has the body `{id, code, message, details[{code, target, message}]}`. `code` is one of',
    'the codes in the column *answered as*; the finer code stands in `details`. `id` is also in the log of the server.',
    '*Normal* means: it happens in daily work and calls for no operator. The faults of expressions are described with the',
    'expression language.',
    '',
    ...sections,
  ].join('\n')}`;
}
