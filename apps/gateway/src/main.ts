import { readFileSync } from 'node:fs';
import { drainOnSignals, makeLife, makeLog, OptionProblems, optionHelp } from '@sallyport/runtime';
import packageJson from '../package.json' with { type: 'json' };
import { runGateway } from './compose.ts';
import { EXIT_CODE } from './exit-code.ts';
import { gatewayOptions } from './settings/gateway-options.ts';
import { type GatewaySettings, readSettings } from './settings/gateway-settings.ts';

process.exitCode = await main();

async function main(): Promise<number> {
  const settings = read();
  if (typeof settings === 'number') return settings;
  const format = settings.logFormat ?? (process.stderr.isTTY ? 'pretty' : 'json');
  const log = makeLog({ level: settings.logLevel, format, fields: { program: 'gateway' } });
  for (const variable of settings.unknownVariables) log.warn({ variable }, 'no option has this name');
  const life = makeLife(settings.drainMs);
  const letGo = drainOnSignals(life);
  try {
    return await runGateway({ settings, version: packageJson.version, life, log });
  } catch (error) {
    log.fatal({ err: error }, 'the gateway failed');
    return EXIT_CODE.failed;
  } finally {
    letGo();
    for (const { name, error } of await life.end()) log.error({ err: error }, `${name} did not end well`);
    log.info('gateway stopped');
  }
}

function read(): GatewaySettings | number {
  try {
    const settings = readSettings({
      argv: process.argv.slice(2),
      environment: process.env,
      readFile: (path) => readFileSync(path, 'utf8'),
    });
    if (settings !== 'help') return settings;
    process.stdout.write(
      optionHelp(
        'sallyport-gateway',
        'connects an LDAP directory to a Sallyport server, outbound only',
        gatewayOptions,
      ),
    );
    return EXIT_CODE.done;
  } catch (error) {
    if (!(error instanceof OptionProblems)) throw error;
    process.stderr.write(`${error.message}\n`);
    return EXIT_CODE.badSettings;
  }
}
