import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ApiClient } from '@sallyport/contract';
import {
  clientOf,
  type DirectoryServer,
  type InMemoryDirectoryOptions,
  type RunningServer,
  type ServerOptions,
  startServer,
} from '@sallyport/testkit';
import { type Kind, type Spelling, spellingOf, startDirectory } from './directory-kind.ts';
import { type LdapTools, ldapTools } from './ldap-tools.ts';
import { openStory, type Story, type StoryOptions } from './story.ts';

/** `built` unless the variable says otherwise: stories are about the programs that are installed. */
export const PROGRAMS_FROM: 'built' | 'source' =
  process.env.SALLYPORT_SCENARIOS_FROM === 'source' ? 'source' : 'built';

export interface HouseOptions {
  readonly inMemory?: InMemoryDirectoryOptions;
  readonly server?: Partial<ServerOptions>;
}

/** One directory and one server, shared by the stories of a file. Each story has an environment and an OU of its own. */
export interface StoryHouse<D extends DirectoryServer = DirectoryServer> {
  readonly kind: Kind;
  readonly directory: D;
  readonly spelling: Spelling;
  readonly tools: LdapTools;
  readonly api: ApiClient;
  readonly server: RunningServer;
  /** Ends the server, starts it on the same data and port; `server` is the new one. `between` is done while it is down. */
  restartServer(how: 'stop' | 'kill', between?: () => void): Promise<void>;
  /** Begins a story; the one before ends, unless the new one is to be told beside it. */
  story(name: string, options?: StoryOptions): Promise<Story>;
  close(): Promise<void>;
}

export async function openHouse<D extends DirectoryServer>(
  kind: Kind,
  options: HouseOptions & { readonly directory: D },
): Promise<StoryHouse<D>>;
export async function openHouse(kind: Kind, options?: HouseOptions): Promise<StoryHouse>;
export async function openHouse(
  kind: Kind,
  options: HouseOptions & { readonly directory?: DirectoryServer } = {},
): Promise<StoryHouse> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-story-'));
  const directory = options.directory ?? (await startDirectory(kind, options.inMemory));
  const closing: (() => Promise<unknown>)[] = [
    async () => rmSync(folder, { recursive: true, force: true }),
    () => directory.stop(),
  ];
  const close = async (): Promise<void> => {
    for (let step = closing.pop(); step !== undefined; step = closing.pop()) await step();
  };
  const serverOptions: ServerOptions = { folder, from: PROGRAMS_FROM, ...options.server };
  let server: RunningServer;
  try {
    server = await startServer(serverOptions);
  } catch (error) {
    await close();
    throw error;
  }
  closing.push(() => server.program.stop());
  const stories = new Set<Story>();
  closing.push(async () => {
    await Promise.all([...stories].map((story) => story.stopInstances()));
  });
  const tools = ldapTools(directory);
  const house: StoryHouse = {
    kind,
    directory,
    spelling: spellingOf(kind),
    tools,
    api: clientOf(server),
    get server() {
      return server;
    },
    restartServer: async (how, between) => {
      await server.program[how]();
      between?.();
      server = await startServer({ ...serverOptions, port: server.port, identity: server.identity });
    },
    story: async (name, storyOptions = {}) => {
      if (storyOptions.besideOthers !== true) {
        for (const story of stories) await story.end();
        stories.clear();
      }
      const story = await openStory(house, name, storyOptions);
      stories.add(story);
      return story;
    },
    close,
  };
  return house;
}
