// `npm test`: installs the LDAP servers where they are missing and it may, builds the programs, runs everything, and
// ends with a line `N passed, N failed`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');

function run(command: string, args: readonly string[]): number {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (error !== undefined) throw error;
  return status ?? 1;
}

for (const step of ['scripts/directories/install.ts', 'scripts/build.ts']) {
  const status = run(process.execPath, [step]);
  if (status !== 0) process.exit(status);
}

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[];
}

const folder = mkdtempSync(join(tmpdir(), 'sallyport-test-'));
const reportFile = join(folder, 'report.json');
const vitest = resolve(root, 'node_modules/vitest/vitest.mjs');
const status = run(process.execPath, [
  vitest,
  'run',
  '--reporter=dot',
  '--reporter=json',
  `--outputFile.json=${reportFile}`,
  ...process.argv.slice(2),
]);
const report: Report = JSON.parse(readFileSync(reportFile, 'utf8'));
rmSync(folder, { recursive: true });
// A file that fails before its first test has no failed test in it, and is a failure all the same.
const brokenFiles = report.testResults.filter(
  (file) => file.status === 'failed' && file.assertionResults.length === 0,
);
const failed = report.numFailedTests + brokenFiles.length;
const skipped = report.numPendingTests > 0 ? `, ${report.numPendingTests} skipped` : '';
console.log(`\n${report.numPassedTests} passed, ${failed} failed${skipped}`);
process.exit(failed > 0 ? 1 : status);
