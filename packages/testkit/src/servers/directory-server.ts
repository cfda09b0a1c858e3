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
  /** Ends the server and removes its data. */
  stop(): Promise<void>;
  /** Ends the server and starts it again with the same data on the same ports. */
  restart(): Promise<void>;
}
