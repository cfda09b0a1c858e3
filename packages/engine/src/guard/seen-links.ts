const CHUNK_BITS = 32_768;

/** One bit for each link, by its number, in chunks of 4 KiB made when first needed: a million links are 128 KiB. */
export class SeenLinks {
  readonly #chunks: (Uint32Array | undefined)[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Answers whether the link was new here. */
  add(number: number): boolean {
    const index = Math.floor(number / CHUNK_BITS);
    const chunk = this.#chunks[index] ?? new Uint32Array(CHUNK_BITS / 32);
    this.#chunks[index] = chunk;
    const offset = number % CHUNK_BITS;
    const word = offset >>> 5;
    const bit = 1 << (offset & 31);
    const before = chunk[word] ?? 0;
    if ((before & bit) !== 0) return false;
    chunk[word] = before | bit;
    this.#count += 1;
    return true;
  }

  has(number: number): boolean {
    const chunk = this.#chunks[Math.floor(number / CHUNK_BITS)];
    if (chunk === undefined) return false;
    const offset = number % CHUNK_BITS;
    return ((chunk[offset >>> 5] ?? 0) & (1 << (offset & 31))) !== 0;
  }
}
