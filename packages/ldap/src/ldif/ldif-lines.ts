import { LdapTextError } from '../values/text-error.ts';

/** A line after unfolding. Each character is one byte (latin1), so that no byte of a value is lost or replaced. */
export interface LdifLine {
  readonly text: string;
  /** Where it begins in the file, one-based. */
  readonly line: number;
}

export interface LdifLimits {
  /** Bytes of one record, so that a file without blank lines cannot fill the memory. */
  readonly maxRecordBytes: number;
}

export const DEFAULT_LDIF_LIMITS: LdifLimits = { maxRecordBytes: 64 * 1024 * 1024 };

/**
 * Takes bytes as they come and gives records as groups of unfolded lines, comments removed (RFC 2849 note 2).
 * Blank lines separate records; LF and CRLF end lines.
 */
export class LdifLineReader {
  readonly #limits: LdifLimits;
  /** What came since the last line end. Joined only when the line is complete, or long lines would cost a square. */
  #pending: string[] = [];
  #pendingBytes = 0;
  #lineNumber = 0;
  #record: { text: string; line: number }[] = [];
  #recordBytes = 0;
  /** Whether the line that a folded line would continue is a comment. */
  #isInComment = false;

  constructor(limits: LdifLimits) {
    this.#limits = limits;
  }

  /** The records completed by this chunk. @throws LdapTextError `LDIF_SYNTAX`, `LDIF_LIMIT` */
  push(chunk: Uint8Array | string): readonly (readonly LdifLine[])[] {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk, 'utf8') : chunk;
    const arrived = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
    const records: (readonly LdifLine[])[] = [];
    this.#pending.push(arrived);
    this.#pendingBytes += arrived.length;
    if (arrived.includes('\n')) {
      const text = this.#takePending();
      let start = 0;
      for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
        this.#takeLine(text.slice(start, text[end - 1] === '\r' && end > start ? end - 1 : end), records);
        start = end + 1;
      }
      this.#pending.push(text.slice(start));
      this.#pendingBytes = text.length - start;
    }
    this.#assertWithinLimit(this.#pendingBytes);
    return records;
  }

  /** The record that the end of the file completes, if any. @throws LdapTextError `LDIF_SYNTAX` */
  finish(): readonly (readonly LdifLine[])[] {
    const records: (readonly LdifLine[])[] = [];
    const rest = this.#takePending();
    if (rest !== '') this.#takeLine(rest.endsWith('\r') ? rest.slice(0, -1) : rest, records);
    this.#endRecord(records);
    return records;
  }

  #takePending(): string {
    const text = this.#pending.join('');
    this.#pending = [];
    this.#pendingBytes = 0;
    return text;
  }

  #takeLine(text: string, records: (readonly LdifLine[])[]): void {
    this.#lineNumber += 1;
    if (text === '') {
      this.#endRecord(records);
      return;
    }
    if (text.startsWith('#')) {
      this.#isInComment = true;
      return;
    }
    if (!text.startsWith(' ')) {
      this.#isInComment = false;
      this.#record.push({ text, line: this.#lineNumber });
    } else if (!this.#isInComment) {
      this.#continueLine(text.slice(1));
    }
    this.#recordBytes += text.length;
    this.#assertWithinLimit(0);
  }

  #continueLine(text: string): void {
    const last = this.#record.at(-1);
    if (last === undefined) {
      throw new LdapTextError({
        code: 'LDIF_SYNTAX',
        subject: 'LDIF',
        line: this.#lineNumber,
        found: 'a line that begins with a space',
        expected: 'the beginning of a record, such as "dn: …"',
        advice: 'Only continuations of the line above begin with a space.',
      });
    }
    last.text += text;
  }

  #endRecord(records: (readonly LdifLine[])[]): void {
    if (this.#record.length > 0) records.push(this.#record);
    this.#record = [];
    this.#recordBytes = 0;
    this.#isInComment = false;
  }

  #assertWithinLimit(moreBytes: number): void {
    if (this.#recordBytes + moreBytes <= this.#limits.maxRecordBytes) return;
    throw new LdapTextError({
      code: 'LDIF_LIMIT',
      subject: 'LDIF',
      line: this.#lineNumber,
      found: `a record of more than ${this.#limits.maxRecordBytes} bytes`,
      expected: 'records separated by blank lines',
    });
  }
}
