import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Where templates and running copies live. Private to the user: it holds keys, if only test keys. */
export const directoriesFolder = join(tmpdir(), `sallyport-directories-${process.getuid?.() ?? 'user'}`);

/**
 * The folder of a prepared server, made once per `key` and machine and then only copied. Two processes that make the same
 * template at once both succeed: the first rename wins, the other's work is thrown away.
 * @param key everything the content depends on: versions, scripts, loaded data
 */
export async function templateFolder(
  name: string,
  key: readonly (string | Buffer)[],
  make: (folder: string) => Promise<void>,
): Promise<string> {
  const hash = createHash('sha256');
  for (const part of key) hash.update(part).update('\0');
  const folder = join(directoriesFolder, 'templates', `${name}-${hash.digest('hex').slice(0, 16)}`);
  if (await exists(folder)) return folder;
  await mkdir(join(directoriesFolder, 'templates'), { recursive: true, mode: 0o700 });
  const draft = await mkdtemp(`${folder}.draft-`);
  try {
    await make(draft);
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!(await exists(folder))) throw error;
  }
  return folder;
}

const run = promisify(execFile);

/** Copies a folder's content. Through `cp`, which leaves holes alone: node's own copy fills slapd's sparse 4 GiB maps. */
export async function copyFolder(source: string, target: string): Promise<void> {
  await run('cp', ['-a', '--reflink=auto', '--sparse=auto', `${source}/.`, target]);
}

/** Copies a template for one server to run in. The folder is the caller's to remove. */
export async function cloneTemplate(template: string, name: string): Promise<string> {
  await mkdir(join(directoriesFolder, 'running'), { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(join(directoriesFolder, 'running', `${name}-`));
  await copyFolder(template, folder);
  return folder;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
}
