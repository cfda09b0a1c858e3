import type { Library } from './library.ts';
import { stringEncodings } from './string-encodings.ts';
import { stringNumbers } from './string-numbers.ts';
import { stringSearch } from './string-search.ts';
import { stringTexts } from './string-texts.ts';

/** `#string`. */
export const stringLibrary: Library = {
  ...stringTexts,
  ...stringSearch,
  ...stringNumbers,
  ...stringEncodings,
};
