/** Object identifiers of the extended operations and unsolicited notices that this package knows. */
export const EXTENDED_OID = {
  startTls: '1.3.6.1.4.1.1466.20037',
  noticeOfDisconnection: '1.3.6.1.4.1.1466.20036',
  passwordModify: '1.3.6.1.4.1.4203.1.11.1',
  whoAmI: '1.3.6.1.4.1.4203.1.11.3',
  cancel: '1.3.6.1.1.8',
  /** Intermediate response of RFC 4533. */
  syncInfo: '1.3.6.1.4.1.4203.1.9.1.4',
} as const;
