import { startInMemoryDirectory } from '../directory/start-in-memory-directory.ts';
import { pingDirectoryCapabilities } from './capabilities.ts';
import { registerDirectoryConformance } from './register-directory-conformance.ts';

registerDirectoryConformance({
  name: 'The in-memory PingDirectory',
  kind: 'pingDirectory',
  capabilities: pingDirectoryCapabilities,
  memberOfAttribute: 'isMemberOf',
  start: async (people) => {
    const account = { name: 'reader', password: 'Passw0rd.1', rights: { replicate: true } };
    const directory = await startInMemoryDirectory({ manner: 'pingDirectory', people, accounts: [account] });
    const { bindDn: dn = '', bindPassword: password = '' } = directory.accounts[account.name] ?? {};
    return Object.assign(directory, { reader: { dn, password } });
  },
});
