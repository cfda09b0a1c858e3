import { readFileSync } from 'node:fs';
import { CodedError } from '@sallyport/model';
import {
  drainOnSignals,
  type Log,
  makeLife,
  makeLog,
  OptionProblems,
  optionHelp,
  readOptions,
  systemClock,
} from '@sallyport/runtime';
import packageJson from '../package.json' with { type: 'json' };
import { bootstrapText } from './bootstrap/bootstrap.ts';
import { composeServer } from './compose.ts';
import { EXIT_CODE } from './exit-code.ts';
import { assertOptions } from './options/listen-address.ts';
import { SERVER_OPTIONS, type ServerOptions } from './options/server-options.ts';
import { makeSupervisedRules } from './propagation/runs/supervised-rules.ts';

// Whatever this process writes holds secrets or personal data: the database, its journal, its lock.
process.umask(0o077);
process.exitCode = await main();

async function main(): Promise<number> {
  const read = readCommandLine();
  if (typeof read === 'number') return read;
  const { options, unknownVariables } = read;
  const format = options.logFormat ?? (process.stderr.isTTY ? 'pretty' : 'json');
  const log = makeLog({ level: options.logLevel, format, fields: { program: 'server' } });
  for (const variable of unknownVariables) log.warn({ variable }, 'no option has this name');
  return run(options, log);
}

async function run(options: ServerOptions, log: Log): Promise<number> {
  const life = makeLife(options.drainSeconds * 1000);
  const letGo = drainOnSignals(life);
  try {
    const server = await composeServer(options, {
      version: packageJson.version,
      clock: systemClock,
      log,
      makeRules: makeSupervisedRules,
    });
    life.onEnd('the server', () => server.stop(life.stopping));
    if (server.bootstrapped !== undefined)
      process.stdout.write(bootstrapText(server.bootstrapped, server.publicUrl));
    if (!life.draining.aborted)
      await new Promise((resolve) => life.draining.addEventListener('abort', resolve, { once: true }));
    log.info('stopping: running work is finished first; another signal stops at once');
    const failures = await life.end();
    for (const { name, error } of failures) log.error({ err: error }, `${name} did not stop well`);
    return failures.length === 0 ? EXIT_CODE.done : EXIT_CODE.interrupted;
  } catch (error) {
    if (error instanceof OptionProblems) process.stderr.write(`${error.message}\n`);
    else log.fatal({ err: error }, 'the server cannot run');
    return exitCodeOf(error);
  } finally {
    letGo();
  }
}

function exitCodeOf(error: unknown): number {
  if (error instanceof OptionProblems) return EXIT_CODE.badSettings;
  if (error instanceof CodedError && /^(STORE|SECRET)_/.test(error.code)) return EXIT_CODE.badStorage;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'EADDRINUSE' || code === 'EACCES' || code === 'EADDRNOTAVAIL'
    ? EXIT_CODE.cannotListen
    : EXIT_CODE.failed;
}

function readCommandLine():
  | { readonly options: ServerOptions; readonly unknownVariables: readonly string[] }
  | number {
  try {
    const reading = readOptions(SERVER_OPTIONS, {
      argv: process.argv.slice(2),
      environment: process.env,
      readFile: (path) => readFileSync(path, 'utf8'),
    });
    if (reading.kind === 'help') {
      process.stdout.write(
        optionHelp('sallyport-server', 'keeps directories and identities in step', SERVER_OPTIONS),
      );
      return EXIT_CODE.done;
    }
    assertOptions(reading.values);
    return { options: reading.values, unknownVariables: reading.unknownVariables };
  } catch (error) {
    if (!(error instanceof OptionProblems)) throw error;
    process.stderr.write(`${error.message}\n`);
    return EXIT_CODE.badSettings;
  }
}
