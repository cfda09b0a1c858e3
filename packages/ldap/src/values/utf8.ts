import { isUtf8 } from 'node:buffer';

/** The text the bytes encode, or undefined when they are not UTF-8: nothing is ever replaced by U+FFFD. */
export function readUtf8(bytes: Buffer): string | undefined {
  return isUtf8(bytes) ? bytes.toString('utf8') : undefined;
}
