import { rm } from 'node:fs/promises';
import { testCertificates } from '../certificates/test-certificates.ts';
import type { DirectoryServer } from './directory-server.ts';
import { reserveLoopbackAddress } from './loopback-address.ts';
import type { ServerProcess } from './server-process.ts';
import { cloneTemplate } from './template-folder.ts';

export interface RunningCopyOptions {
  /** Of the product: names the copy's folder. */
  readonly name: string;
  /** Folder of the prepared server. */
  readonly template: string;
  /** A loopback address; default: a free one of 127.77.0.0/24. */
  readonly address: string | undefined;
  readonly port: number;
  readonly tlsPort: number;
  /** Starts the server in its folder, the first time and after each stop. */
  start(folder: string, address: string): Promise<ServerProcess>;
}

/** A running server but for the accounts and the content, which the template knows. */
export type RunningCopy = Omit<DirectoryServer, 'baseDn' | 'bindDn' | 'bindPassword' | 'reader'>;

/** Copies a template and starts a server in the copy, on an address of its own. `stop` removes the copy. */
export async function startCopy(options: RunningCopyOptions): Promise<RunningCopy> {
  const { port, tlsPort } = options;
  const reserved = await reserveLoopbackAddress(options.address);
  const { address } = reserved;
  let folder: string | undefined;
  const discard = async () => {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    await reserved.release();
  };
  try {
    const copy = await cloneTemplate(options.template, options.name);
    folder = copy;
    let server = await options.start(copy, address);
    return {
      url: `ldap://${address}:${port}`,
      ldapsUrl: `ldaps://${address}:${tlsPort}`,
      host: address,
      port,
      tlsPort,
      caFile: testCertificates.caFile,
      async stop() {
        await server.kill();
        await discard();
      },
      async restart() {
        await server.stop();
        server = await options.start(copy, address);
      },
    };
  } catch (error) {
    await discard();
    throw error;
  }
}
