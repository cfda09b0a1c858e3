import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, resolve, sep } from 'node:path';

/** One file of the built console, ready to be sent. */
export interface ConsoleFile {
  readonly content: Buffer;
  readonly mediaType: string;
  /** Its name holds a digest of its content, so that it never changes. */
  readonly isImmutable: boolean;
}

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
};

/** Where the console lies: beside the bundled program, or in the repository's `dist` when run from source. */
export function findConsoleFolder(): string | undefined {
  const here = import.meta.dirname;
  const candidates = [resolve(here, 'console'), resolve(here, '../../../../dist/console')];
  return candidates.find((folder) => existsSync(join(folder, 'index.html')));
}

/** Every file of the console by its path, `/index.html`. They are few and small: memory is the fastest place for them. */
export function readConsoleFiles(folder: string): ReadonlyMap<string, ConsoleFile> {
  const files = new Map<string, ConsoleFile>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const mediaType = MEDIA_TYPES[extname(entry.name)];
    // Source maps and whatever else a build leaves are not for everybody.
    if (mediaType === undefined) continue;
    const key = `/${relative(folder, path).split(sep).join('/')}`;
    files.set(key, { content: readFileSync(path), mediaType, isImmutable: key.startsWith('/assets/') });
  }
  return files;
}
