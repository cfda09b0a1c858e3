import type { BigGroupFigures } from './big-group.ts';
import type { GroupFigures } from './groups.ts';
import type { Measured, RunFigures } from './inbound.ts';
import type { ReaderTime } from './ldapsearch.ts';

/** Prints the figures as a table that can be pasted. */
export function printReport(report: {
  readonly people: number;
  readonly attributes: number;
  readonly reader: ReaderTime;
  readonly measured: Measured;
}): void {
  const { measured, people } = report;
  const rows = [
    ['', 'seconds', 'people/s', 'x ldapsearch', 'LDAP operations', 'outcomes'],
    [
      'ldapsearch',
      report.reader.seconds.toFixed(2),
      rate(report.reader.entries, report.reader.seconds),
      '1.00',
      '',
      '',
    ],
    runRow('first load', measured.firstLoad),
    ...measured.unchanged.map((run) => runRow('full run, unchanged', run)),
  ];
  const { delta } = measured;
  rows.push([
    'delta',
    delta.seconds.toFixed(2),
    rate(delta.applied.deleted + delta.applied.created + delta.applied.modified, delta.seconds),
    '',
    delta.ldapOperations.toLocaleString('en'),
    outcomes(delta.counts),
  ]);
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  console.log(
    `\n${people.toLocaleString('en')} people, ${report.attributes} mapped attributes, OpenLDAP, one gateway process`,
  );
  for (const row of rows)
    console.log(
      row
        .map((cell, column) =>
          column === 0 || column === 5
            ? cell.padEnd(widths[column] ?? 0)
            : cell.padStart(widths[column] ?? 0),
        )
        .join('  '),
    );
  console.log(
    `peak memory: server ${megabytes(measured.serverPeakBytes)}, gateway ${megabytes(measured.gatewayPeakBytes)}`,
  );
}

export function printGroups(report: {
  readonly people: number;
  readonly groups: number;
  readonly measured: GroupFigures;
}): void {
  const { people, groups, measured } = report;
  const { latency, reader } = measured;
  console.log(
    [
      `\n${people.toLocaleString('en')} people, ${groups.toLocaleString('en')} groups, ${measured.memberships.toLocaleString('en')} memberships, OpenLDAP, one gateway process`,
      `ldapsearch of the groups with their members: ${reader.seconds.toFixed(2)} s`,
      `first load of people, groups and memberships: ${measured.firstLoadSeconds.toFixed(2)} s`,
      `full run, unchanged: ${measured.unchangedSeconds.map((seconds) => seconds.toFixed(2)).join(', ')} s`,
      `from LDAP modify to REST, ${latency.changes} single changes: p50 ${latency.p50Ms.toFixed(0)} ms, p99 ${latency.p99Ms.toFixed(0)} ms, max ${latency.maxMs.toFixed(0)} ms`,
      `peak memory: server ${megabytes(measured.serverPeakBytes)}, gateway ${megabytes(measured.gatewayPeakBytes)}`,
    ].join('\n'),
  );
}

export function printBigGroup(measured: BigGroupFigures): void {
  const share = (100 * measured.changeBytes) / measured.wholeBytes;
  console.log(
    [
      `\none member of a group of ${measured.members.toLocaleString('en')} changed, in-memory Active Directory with DirSync`,
      `bytes from the directory: ${Math.round(measured.changeBytes).toLocaleString('en')} a change, ${measured.wholeBytes.toLocaleString('en')} for a full read (${share.toFixed(3)} %)`,
      `from the change to REST: ${measured.changeMs.toFixed(0)} ms, median of ${measured.changes}`,
    ].join('\n'),
  );
}

function runRow(name: string, run: RunFigures): string[] {
  const own = run.read / run.seconds;
  const reader = run.reader.entries / run.reader.seconds;
  return [
    name,
    run.seconds.toFixed(2),
    rate(run.read, run.seconds),
    (own / reader).toFixed(2),
    run.ldapOperations.toLocaleString('en'),
    outcomes(run.counts),
  ];
}

function outcomes(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([outcome, count]) => `${count.toLocaleString('en')} ${outcome}`)
    .join(', ');
}

function rate(count: number, seconds: number): string {
  return Math.round(count / seconds).toLocaleString('en');
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
