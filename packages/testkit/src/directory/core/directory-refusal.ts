import { RESULT_CODE, type ResultCodeName } from '@sallyport/ldap';

/** An operation the directory declines: becomes the LDAP result of the request. */
export class DirectoryRefusal extends Error {
  override readonly name = 'DirectoryRefusal';
  readonly resultCode: number;
  readonly matchedDn: string;

  /** `message` is the diagnostic message as the client sees it. */
  constructor(code: ResultCodeName, message: string, matchedDn = '') {
    super(message);
    this.resultCode = RESULT_CODE[code];
    this.matchedDn = matchedDn;
  }
}
