import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { CliError, usageError } from '../fault/cli-error.ts';

const session = z.object({
  serverUrl: z.string(),
  environmentId: z.string(),
  clientId: z.string(),
  /** Only if the operator asked to keep it. */
  clientSecret: z.string().optional(),
  token: z.string(),
  /** Epoch milliseconds. */
  tokenEndsAt: z.number(),
});
export type Session = z.output<typeof session>;

type Variables = Readonly<Record<string, string | undefined>>;

/** Where a profile is kept (XDG Base Directory Specification). */
export function sessionPath(environment: Variables, profile: string): string {
  if (!/^[\w.-]{1,64}$/.test(profile) || profile.startsWith('.'))
    throw usageError(
      `${JSON.stringify(profile)} cannot be the name of a profile.`,
      'Take up to 64 letters, digits, hyphens, underscores or dots; the first is no dot.',
    );
  const { XDG_CONFIG_HOME: xdg, HOME: home } = environment;
  const config = xdg !== undefined && xdg !== '' ? xdg : join(home ?? homedir(), '.config');
  return join(config, 'sallyport', `${profile}.json`);
}

/** The kept sign-in; undefined if there is none. */
export async function readSession(path: string): Promise<Session | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new CliError({
      message: `The sign-in in ${path} cannot be read.`,
      code: 'SESSION_UNREADABLE',
      advice: 'Make the file readable for you alone, or remove it and sign in again.',
      cause: error,
    });
  }
  const parsed = session.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new CliError({
    message: `The sign-in in ${path} is damaged.`,
    code: 'SESSION_UNREADABLE',
    advice: 'Sign in again with "sallyport login".',
  });
}

/** Keeps a sign-in, readable by its owner alone from the first byte on. */
export async function writeSession(path: string, kept: Session): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(kept, undefined, 2)}\n`, { mode: 0o600, flag: 'w' });
  await chmod(draft, 0o600);
  await rename(draft, path);
}

/** Answers whether there was one. */
export async function removeSession(path: string): Promise<boolean> {
  try {
    await rm(path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Told as damaged by the caller.
    return undefined;
  }
}
