import { readFileSync } from 'node:fs';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { EXIT_CODE } from './exit-code.ts';
import { runCli } from './run-cli.ts';
import { processKeyboard } from './terminal/keyboard.ts';
import type { Screen } from './world.ts';

process.exitCode = trustOwnAuthority() ? await main() : EXIT_CODE.usage;

async function main(): Promise<number> {
  const stopping = new AbortController();
  const stop = (): void => stopping.abort(new DOMException('Stopped', 'AbortError'));
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  // `sallyport … | head` closes the pipe: that is the end of it, not an error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? EXIT_CODE.ok : EXIT_CODE.failed);
  });
  try {
    return await runCli(process.argv.slice(2), {
      environment: process.env,
      out: screenOf(process.stdout),
      err: screenOf(process.stderr),
      keyboard: processKeyboard(stopping.signal),
      signal: stopping.signal,
      now: Date.now,
      fetch,
    });
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}

function screenOf(stream: NodeJS.WriteStream): Screen {
  return {
    isTerminal: stream.isTTY === true,
    get columns() {
      return stream.isTTY === true ? stream.columns : undefined;
    },
    write: (text) => void stream.write(text),
  };
}

/** An authority of the operator's own, beside those of the system. */
function trustOwnAuthority(): boolean {
  const file = process.env.SALLYPORT_CA_FILE;
  if (file === undefined || file === '') return true;
  try {
    setDefaultCACertificates([...getCACertificates('default'), readFileSync(file, 'utf8')]);
    return true;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    process.stderr.write(`SALLYPORT_CA_FILE ${file} cannot be used: ${why} (CA_FILE_INVALID)\n`);
    return false;
  }
}
