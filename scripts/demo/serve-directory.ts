// A directory to try things with: `npx node scripts/demo/serve-directory.ts [--people N] [--port N]` serves an in-memory
// directory in the manner of Active Directory over TLS and prints how to reach it. Ctrl-C ends it; nothing is kept.
import { parseArgs } from 'node:util';
import { startInMemoryDirectory } from '@sallyport/testkit';

const { values } = parseArgs({
  options: { people: { type: 'string', default: '1000' }, port: { type: 'string', default: '10636' } },
});
const people = Number(values.people);
const tlsPort = Number(values.port);
if (!Number.isInteger(people) || people < 1 || !Number.isInteger(tlsPort) || tlsPort < 0 || tlsPort > 65_535)
  throw new TypeError('--people must be a whole number from 1, --port one from 0 to 65535');

const account = { name: 'svc-sallyport', password: 'Read-only.1', rights: { readDeleted: true } };
const directory = await startInMemoryDirectory({ people, tlsPort, accounts: [account] });
const { bindDn = '', bindPassword = '' } = directory.accounts[account.name] ?? {};
process.stdout.write(
  [
    `export DIRECTORY=${directory.host}:${directory.tlsPort}`,
    `export BIND_DN='${bindDn}'`,
    `export BIND_PASSWORD='${bindPassword}'`,
    `export BASE_DN='${directory.baseDn}'`,
    "export PEOPLE_OU='OU=People'",
    "export GROUPS_OU='OU=Groups'",
    `export DIRECTORY_CA=${directory.caFile}`,
    '',
  ].join('\n'),
);
const stop = (): void => void directory.stop();
process.once('SIGINT', stop);
process.once('SIGTERM', stop);
