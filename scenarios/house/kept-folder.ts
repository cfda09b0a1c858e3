import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A copy of a stopped server's data, to begin again from as often as a story likes. */
export interface KeptFolder {
  /** Puts the content back into the folder it was taken from. */
  putBack(): void;
  remove(): void;
}

export function keepFolder(folder: string): KeptFolder {
  const copy = mkdtempSync(join(tmpdir(), 'sallyport-kept-'));
  cpSync(folder, copy, { recursive: true });
  return {
    putBack: () => {
      rmSync(folder, { recursive: true, force: true });
      cpSync(copy, folder, { recursive: true });
    },
    remove: () => rmSync(copy, { recursive: true, force: true }),
  };
}
