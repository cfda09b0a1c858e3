import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  parseConfiguration,
  readConfiguration,
  withEntry,
  withFolder,
  writeConfiguration,
} from './configuration-ldif.ts';

const text = `# made by set-up
dn: cn=config
cn: config
port: 389
Listen: 0.0.0.0

dn: cn=log, cn=config
cn: log
file: /old/place/log/errors which is a line of such a length that the server itself
  has folded it
`;

it('replaces attributes whatever their case and spelling of the name, keeps the others, and adds entries', async () => {
  let configuration = parseConfiguration(text);
  configuration = withEntry(configuration, 'CN=config', { PORT: '10389', listen: [] });
  configuration = withEntry(configuration, 'cn=log,cn=config', { level: ['1', '2'] });
  configuration = withEntry(configuration, 'cn=new,cn=config', { cn: 'new' });
  configuration = withFolder(configuration, '/old/place', '/new');
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-configuration-'));
  try {
    const file = join(folder, 'config.ldif');
    await writeConfiguration(file, configuration);
    expect(await readFile(file, 'utf8')).toBe(`dn: cn=config
cn: config
PORT: 10389

dn: cn=log, cn=config
cn: log
file: /new/log/errors which is a line of such a length that the server itself has folded it
level: 1
level: 2

dn: cn=new,cn=config
cn: new

`);
    expect(await readConfiguration(file)).toEqual(configuration);
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('takes no change records for a configuration', () => {
  expect(() => parseConfiguration('dn: cn=config\nchangetype: delete\n')).toThrow(/cn=config.*delete/);
});
