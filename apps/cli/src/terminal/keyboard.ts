import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Keyboard } from '../world.ts';

/** The keyboard of the process. Questions go to standard error, so that standard output stays for what was asked for. */
export function processKeyboard(signal: AbortSignal): Keyboard {
  const { stdin, stderr } = process;
  return {
    isTerminal: stdin.isTTY === true && stderr.isTTY === true,
    readAll: () => text(stdin),
    readLine: (prompt, options = {}) =>
      new Promise((resolve, reject) => {
        const hidden = options.hidden === true;
        // readline echoes what is typed to its output: for a secret that is a bin.
        const output = hidden ? new Writable({ write: (_chunk, _encoding, done) => done() }) : stderr;
        if (hidden) stderr.write(prompt);
        const lines = createInterface({ input: stdin, output, terminal: true });
        let answer: string | undefined;
        const stop = (): void => lines.close();
        signal.addEventListener('abort', stop, { once: true });
        lines.on('close', () => {
          signal.removeEventListener('abort', stop);
          if (hidden) stderr.write('\n');
          if (signal.aborted) reject(signal.reason);
          else resolve(answer);
        });
        // In raw mode Ctrl-C arrives here and not as a signal.
        lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
        lines.question(hidden ? '' : prompt, (line) => {
          answer = line;
          lines.close();
        });
      }),
  };
}
