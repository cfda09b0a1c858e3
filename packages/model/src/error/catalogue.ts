import { API_CODES } from './api-codes.ts';
import type { CatalogueEntry } from './catalogue-entry.ts';
import { DIRECTORY_CODES } from './directory-codes.ts';
import { INSTALLATION_CODES } from './installation-codes.ts';
import { PASSWORD_CODES } from './password-codes.ts';
import { PROVISIONING_CODES } from './provisioning-codes.ts';

/** Every code the product gives, once, by where it is met. `docs/errors.md` is written from it. */
export const ERROR_CATALOGUE = {
  ...API_CODES,
  ...PASSWORD_CODES,
  ...PROVISIONING_CODES,
  ...DIRECTORY_CODES,
  ...INSTALLATION_CODES,
} as const satisfies Readonly<Record<string, CatalogueEntry>>;

export type ErrorCode = keyof typeof ERROR_CATALOGUE;

const ENTRIES: Readonly<Record<string, CatalogueEntry | undefined>> = ERROR_CATALOGUE;

/** Undefined for codes of others, such as those of a directory server. */
export function readCatalogueEntry(code: string): CatalogueEntry | undefined {
  return Object.hasOwn(ENTRIES, code) ? ENTRIES[code] : undefined;
}
