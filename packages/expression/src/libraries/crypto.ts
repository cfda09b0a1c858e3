import { createHmac } from 'node:crypto';
import { refuse } from '../errors.ts';
import type { Argument } from '../evaluation/argument.ts';
import { refuseNull } from '../evaluation/conversion.ts';
import { charge, type Frame } from '../evaluation/frame.ts';
import { type Library, ternary } from './library.ts';

// Java's names; MD5 and SHA-1 are here for the systems that still ask for them.
const ALGORITHMS: ReadonlyMap<string, string> = new Map([
  ['HmacMD5', 'md5'],
  ['HmacSHA1', 'sha1'],
  ['HmacSHA224', 'sha224'],
  ['HmacSHA256', 'sha256'],
  ['HmacSHA384', 'sha384'],
  ['HmacSHA512', 'sha512'],
]);

/** `#crypto`. */
export const cryptoLibrary: Library = {
  hmacHexDigest: ternary('text', (data, key, algorithm) => (frame) => {
    const text = required(data, frame);
    const name = required(algorithm, frame);
    const digest = ALGORITHMS.get(name);
    if (digest === undefined) {
      return refuse(
        'TYPE_MISMATCH',
        algorithm.position,
        `the algorithm '${name}'`,
        [...ALGORITHMS.keys()].join(', '),
      );
    }
    charge(frame, 10 + (text.length >> 6), data.position);
    return createHmac(digest, required(key, frame)).update(text).digest('hex');
  }),
};

function required(argument: Argument, frame: Frame): string {
  return argument.text(frame) ?? refuseNull(argument.node, 'a text for #crypto.hmacHexDigest');
}
