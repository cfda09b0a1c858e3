/** A directory server of the tests that is running, whatever its kind. */
export interface DirectoryServer {
  /** `ldap://…`, plain and StartTLS. */
  readonly url: string;
  readonly ldapsUrl: string;
  readonly host: string;
  readonly port: number;
  readonly tlsPort: number;
  /** PEM file of the authority that signed the server's certificate. */
  readonly caFile: string;
  readonly baseDn: string;
  /** An account that may do everything. */
  readonly bindDn: string;
  readonly bindPassword: string;
  /** An account that reads the people and, where there is one, the changelog, and writes nothing, as a gateway's should be. */
  readonly reader?: ReaderAccount;
  /** Ends the server and removes its data. */
  stop(): Promise<void>;
  /** Ends the server and starts it again with the same data on the same ports. */
  restart(): Promise<void>;
}

export interface ReaderAccount {
  readonly dn: string;
  readonly password: string;
}

/** A directory that keeps its changes under `cn=changelog` (draft-good-ldap-changelog). */
export interface DirectoryWithChangelog extends DirectoryServer {
  readonly reader: ReaderAccount;
}
