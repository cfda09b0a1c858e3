import { readUtf8 } from '../values/utf8.ts';
import { makeOctetString } from './ber-text.ts';
import { unexpected } from './dn-fault.ts';

/** What may follow a backslash besides two hex digits (RFC 4514 §3); `/` because Windows tools escape it. */
const ESCAPABLE = new Set('"+,;<>#= \\/');
const HEX_PAIR = /[0-9A-Fa-f]{2}/y;

/** Collects a value from raw text and escapes. Neighbouring hex pairs are the bytes of UTF-8 together. */
export class ValuePieces {
  #text = '';
  #bytes: number[] = [];
  /** Everything as bytes, once some of it turned out not to be UTF-8. */
  #opaque: Buffer[] | undefined;

  addText(text: string): void {
    this.#flush();
    this.#text += text;
  }

  /** Reads the escape at `position` and returns the index behind it. */
  readEscape(text: string, position: number): number {
    HEX_PAIR.lastIndex = position + 1;
    const pair = HEX_PAIR.exec(text)?.[0];
    if (pair !== undefined) {
      this.#bytes.push(Number.parseInt(pair, 16));
      return position + 3;
    }
    const character = text[position + 1];
    if (character === undefined || !ESCAPABLE.has(character)) {
      throw unexpected(
        text,
        position,
        'a backslash followed by two hexadecimal digits or one of , + " \\ < > ; # =',
        'Write \\\\ for a backslash itself.',
      );
    }
    this.addText(character);
    return position + 2;
  }

  finish(trailingSpaces: number): { value: string; ber?: Buffer } {
    this.#flush();
    const text = trailingSpaces > 0 ? this.#text.slice(0, -trailingSpaces) : this.#text;
    if (this.#opaque === undefined) return { value: text };
    const ber = makeOctetString(Buffer.concat([...this.#opaque, Buffer.from(text)]));
    return { value: `#${ber.toString('hex')}`, ber };
  }

  #flush(): void {
    if (this.#bytes.length === 0) return;
    const bytes = Buffer.from(this.#bytes);
    this.#bytes = [];
    const text = readUtf8(bytes);
    if (text !== undefined) {
      this.#text += text;
      return;
    }
    this.#opaque ??= [];
    this.#opaque.push(Buffer.from(this.#text), bytes);
    this.#text = '';
  }
}
