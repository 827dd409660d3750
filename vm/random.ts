/**
 * A seeded generator (xoshiro128**), so that everything random in a machine can be run again: the
 * same seed gives the same numbers on every host.
 */
export class SeededRandom {
  readonly #state = new Uint32Array(4);

  /** @param seed any integer; taken modulo 2^32 */
  constructor(seed: number) {
    // splitmix32 spreads the seed, so that neighbouring seeds have nothing in common.
    let x = seed >>> 0;
    for (let i = 0; i < 4; i++) {
      x = (x + 0x9e37_79b9) >>> 0;
      let z = x;
      z = Math.imul(z ^ (z >>> 16), 0x85eb_ca6b);
      z = Math.imul(z ^ (z >>> 13), 0xc2b2_ae35);
      this.#state[i] = z ^ (z >>> 16);
    }
  }

  /** The next number, unsigned 32-bit. */
  next32(): number {
    const s = this.#state;
    const s1 = s[1]!;
    const result = Math.imul(rotateLeft(Math.imul(s1, 5), 7), 9) >>> 0;
    s[2]! ^= s[0]!;
    s[3]! ^= s1;
    s[1]! ^= s[2]!;
    s[0]! ^= s[3]!;
    s[2]! ^= s1 << 9;
    s[3] = rotateLeft(s[3]!, 11);
    return result;
  }
}

function rotateLeft(x: number, by: number): number {
  return (x << by) | (x >>> (32 - by));
}
