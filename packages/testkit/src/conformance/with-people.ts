import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DirectoryKind } from '../people/organisation.ts';
import { writeOrganisationLdif } from '../people/organisation-ldif.ts';

/** Writes the invented company to a file, hands the file to `use`, and removes it. */
export async function withPeopleFile<T>(
  kind: DirectoryKind,
  people: number,
  use: (file: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-people-'));
  try {
    const file = join(folder, 'people.ldif');
    await writeOrganisationLdif({ kind, people }, file);
    return await use(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
