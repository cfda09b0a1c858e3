import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Absolute paths of the test certificates; README.md says what each is for. Never trust them outside tests. */
export const testCertificates = {
  caFile: pathOf('ca.pem'),
  /** An authority that signed nothing: trusting only it must make every TLS connection fail. */
  otherCaFile: pathOf('other-ca.pem'),
  serverFile: pathOf('server.pem'),
  expiredFile: pathOf('expired.pem'),
  otherNameFile: pathOf('other-name.pem'),
  keyFile: pathOf('server-key.pem'),
} as const;

/** Which server certificate a test server shows: the good one, or one that a client must refuse. */
export type ShownCertificate = 'valid' | 'expired' | 'otherName';

/** Key and certificate (PEM) for a TLS server of the tests. */
export function readServerCertificate(shown: ShownCertificate = 'valid'): { key: string; cert: string } {
  const file = {
    valid: testCertificates.serverFile,
    expired: testCertificates.expiredFile,
    otherName: testCertificates.otherNameFile,
  }[shown];
  return { key: readFileSync(testCertificates.keyFile, 'utf8'), cert: readFileSync(file, 'utf8') };
}

function pathOf(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}
