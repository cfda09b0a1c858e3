/** Object identifiers of the extended operations, intermediate responses and unsolicited notices that this package knows. */
export const EXTENDED_OID = {
  startTls: '1.3.6.1.4.1.1466.20037',
  noticeOfDisconnection: '1.3.6.1.4.1.1466.20036',
  passwordModify: '1.3.6.1.4.1.4203.1.11.1',
  whoAmI: '1.3.6.1.4.1.4203.1.11.3',
  cancel: '1.3.6.1.1.8',
  /** Intermediate response of RFC 4533. */
  syncInfo: '1.3.6.1.4.1.4203.1.9.1.4',
  /** PingDirectory: a batch of the changelog; its entries and the notice of missing ones are intermediate responses. */
  getChangelogBatch: '1.3.6.1.4.1.30221.2.6.10',
  changelogEntry: '1.3.6.1.4.1.30221.2.6.11',
  missingChangelogEntries: '1.3.6.1.4.1.30221.2.6.12',
} as const;

const READ_ONLY: ReadonlySet<string> = new Set([EXTENDED_OID.whoAmI, EXTENDED_OID.getChangelogBatch]);

/** True if the operation certainly changes nothing: it may be sent again, and a read-only account may use it. */
export function isReadOnlyExtended(oid: string): boolean {
  return READ_ONLY.has(oid);
}
