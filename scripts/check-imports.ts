// Proves the arrows of ARCHITECTURE.md: who may import whom, that every import is declared, that no file reaches into
// another room by path, and that no file outgrows a reader.
import { globSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';

/** The arrow table. Tests, bench, scenarios and the demo may also import `testkit`. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  'apps/console': ['contract'],
  'apps/cli': ['contract', 'runtime'],
  'apps/gateway': ['contract', 'runtime', 'ldap'],
  'apps/server': [
    'connectors',
    'engine',
    'store',
    'contract',
    'scim',
    'ldap',
    'model',
    'expression',
    'runtime',
  ],
  'packages/connectors': ['engine', 'ldap', 'scim', 'contract', 'model', 'runtime'],
  'packages/store': ['model', 'runtime'],
  'packages/engine': ['model', 'expression', 'runtime'],
  'packages/model': [],
  'packages/expression': [],
  'packages/ldap': [],
  'packages/scim': [],
  'packages/contract': [],
  'packages/runtime': [],
  'packages/testkit': [
    'ldap',
    'model',
    'contract',
    'runtime',
    'engine',
    'connectors',
    'store',
    'scim',
    'expression',
  ],
};

const MAX_LINES = 500;
const REFUSED_FOLDERS = new Set(['utils', 'util', 'helpers', 'common', 'services', 'misc', 'lib']);
const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s(?:[^'";]*?\sfrom\s)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

const root = resolve(import.meta.dirname, '..');
const files = globSync(
  ['{apps,packages}/*/{src,test}/**/*.{ts,tsx}', '{scenarios,bench,scripts}/**/*.ts', 'vitest.config.ts'],
  {
    cwd: root,
    exclude: (path) => path.includes('node_modules') || path.includes('dist'),
  },
);

interface Manifest {
  readonly name?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const manifests = new Map<string, Manifest>();
function manifestOf(room: string): Manifest {
  const known = manifests.get(room);
  if (known !== undefined) return known;
  const manifest: Manifest = JSON.parse(readFileSync(join(root, room, 'package.json'), 'utf8'));
  manifests.set(room, manifest);
  return manifest;
}

function roomOf(file: string): string {
  const [first = '', second = ''] = file.split('/');
  if (first === 'apps' || first === 'packages') return `${first}/${second}`;
  return first === 'scenarios' || first === 'bench' ? first : '.';
}

const isTest = (file: string): boolean =>
  /\.(test|directory|scenario)\.tsx?$/.test(file) || /\/(fake|test)\//.test(file);

const faults: string[] = [];
for (const file of files) {
  const text = readFileSync(join(root, file), 'utf8');
  const room = roomOf(file);
  const lines = text.split('\n').length;
  if (lines > MAX_LINES) faults.push(`${file}: ${lines} lines, more than ${MAX_LINES}: split it`);
  for (const folder of dirname(file).split('/'))
    if (REFUSED_FOLDERS.has(folder))
      faults.push(`${file}: a folder named ${folder} says nothing of provisioning`);
  for (const match of text.matchAll(IMPORT)) {
    const specifier = match[1] ?? match[2] ?? '';
    if (specifier.startsWith('.')) checkRelative(file, room, specifier);
    else if (!isBuiltin(specifier)) checkPackage(file, room, specifier);
  }
}

function checkRelative(file: string, room: string, specifier: string): void {
  const target = relative(root, resolve(root, dirname(file), specifier));
  if (roomOf(target) !== room && room !== '.')
    faults.push(`${file}: reaches into ${roomOf(target)} by path (${specifier}): import it by name`);
  if (!/\.(ts|tsx|css|json|sql)$/.test(specifier)) faults.push(`${file}: ${specifier} has no file extension`);
}

function checkPackage(file: string, room: string, specifier: string): void {
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  const own = manifestOf(room);
  const declared = { ...own.dependencies, ...own.devDependencies };
  const rootDev = manifestOf('.').devDependencies ?? {};
  const ours = name.startsWith('@sallyport/') ? name.slice('@sallyport/'.length) : undefined;
  if (own.name === name) faults.push(`${file}: imports its own package by name`);
  if (
    !(name in declared) &&
    !(
      (isTest(file) ||
        room === '.' ||
        room === 'bench' ||
        room === 'scenarios' ||
        room === 'packages/testkit') &&
      name in rootDev
    ) &&
    room !== '.'
  )
    faults.push(`${file}: ${name} is not declared in ${room}/package.json`);
  if (ours === undefined) return;
  const allowed = ARROWS[room];
  if (allowed === undefined) return;
  if (ours === 'testkit' ? !isTest(file) : !allowed.includes(ours) && !isTest(file))
    faults.push(`${file}: no arrow leads from ${room} to ${ours}`);
}

if (faults.length > 0) {
  console.error(faults.join('\n'));
  console.error(`${faults.length} faults in ${files.length} files`);
  process.exit(1);
}
console.log(`imports of ${files.length} files follow the arrows`);
