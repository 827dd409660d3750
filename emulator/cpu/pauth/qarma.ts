/**
 * QARMA-64 with the S-box sigma 2: the tweakable block cipher of pointer authentication. R. Avanzi, "The
 * QARMA Block Cipher Family" (2017); Arm ARM, ComputePACQARMA5. A 64-bit word is an Int32 pair; its 16
 * cells of four bits are numbered from the most significant one.
 */

/** S-box sigma 2, and its inverse. */
const SBOX = [11, 6, 8, 15, 12, 0, 9, 14, 3, 7, 4, 5, 13, 2, 1, 10] as const;
/** Cell permutations: output cell i is input cell table[i]. tau mixes the state, h the tweak. */
const TAU = [0, 11, 6, 13, 10, 1, 12, 7, 5, 14, 3, 8, 15, 4, 9, 2] as const;
const TWEAK = [6, 5, 14, 15, 0, 1, 2, 3, 7, 12, 13, 4, 8, 9, 10, 11] as const;
/** Cells of the tweak that its LFSR steps. */
const STEPPED = [0, 1, 3, 4, 8, 11, 13] as const;
/** Round constants and alpha: digits of pi, high half first. */
const ROUND_CONSTANTS = [
  [0x0000_0000, 0x0000_0000],
  [0x1319_8a2e, 0x0370_7344],
  [0xa409_3822, 0x299f_31d0],
  [0x082e_fa98, 0xec4e_6c89],
  [0x4528_21e6, 0x38d0_1377],
  [0xbe54_66cf, 0x34e9_0c6c],
  [0x3f84_d5b5, 0xb547_0917],
] as const;
const ALPHA = [0xc0ac_29b7, 0xc97c_50dd] as const;

function inverse(table: readonly number[]): Uint8Array {
  const out = new Uint8Array(16);
  table.forEach((to, from) => {
    out[to] = from;
  });
  return out;
}

const SHUFFLE = Uint8Array.from(TAU);
const INVERSE_SHUFFLE = inverse(TAU);
const TWEAK_SHUFFLE = Uint8Array.from(TWEAK);
const INVERSE_TWEAK_SHUFFLE = inverse(TWEAK);
/** The tweak's LFSR: (b3, b2, b1, b0) becomes (b0 ^ b1, b3, b2, b1). */
const STEP = Uint8Array.from({ length: 16 }, (_, x) => (((x ^ (x >> 1)) & 1) << 3) | (x >> 1));
const INVERSE_STEP = inverse([...STEP]);

/** A word as cells. */
type Cells = Uint8Array;

function shuffle(cells: Cells, table: Uint8Array): void {
  const before = cells.slice();
  for (let i = 0; i < 16; i++) cells[i] = before[table[i]!]!;
}

/** Rotate four bits left. */
function rotate(x: number, by: 1 | 2): number {
  return ((x << by) | (x >> (4 - by))) & 15;
}

/** Multiply the columns of the state by circ(0, rho, rho^2, rho), its own inverse. */
function mixColumns(cells: Cells): void {
  const before = cells.slice();
  for (let column = 0; column < 4; column++) {
    for (let row = 0; row < 4; row++) {
      const other = (down: number): number => before[column + 4 * ((row + down) & 3)]!;
      cells[column + 4 * row] = rotate(other(1), 1) ^ rotate(other(2), 2) ^ rotate(other(3), 1);
    }
  }
}

/** A 64-bit word, high half first; each half signed or unsigned. */
export interface Word {
  readonly hi: number;
  readonly lo: number;
}

/** A linear map of words as tables: the images of every value of every cell, halves apart. */
interface Tables {
  readonly hi: Int32Array;
  readonly lo: Int32Array;
}

/** Its tables, made when they are first wanted: most programs sign no pointers. */
type Linear = () => Tables;

function linear(map: (cells: Cells) => void): Linear {
  let tables: Tables | null = null;
  return () => (tables ??= tabulate(map));
}

function tabulate(map: (cells: Cells) => void): Tables {
  const out: Tables = { hi: new Int32Array(256), lo: new Int32Array(256) };
  const half = (cells: Cells): number => cells.reduce((word, cell) => (word << 4) | cell, 0);
  for (let i = 0; i < 256; i++) {
    const cells = new Uint8Array(16);
    cells[i >> 4] = i & 15;
    map(cells);
    out.hi[i] = half(cells.subarray(0, 8));
    out.lo[i] = half(cells.subarray(8));
  }
  return out;
}

const FORWARD = linear((cells) => {
  shuffle(cells, SHUFFLE);
  mixColumns(cells);
});
const BACKWARD = linear((cells) => {
  mixColumns(cells);
  shuffle(cells, INVERSE_SHUFFLE);
});
const UNSHUFFLE = linear((cells) => {
  shuffle(cells, INVERSE_SHUFFLE);
});
const STEP_TWEAK = linear((cells) => {
  shuffle(cells, TWEAK_SHUFFLE);
  for (const i of STEPPED) cells[i] = STEP[cells[i]!]!;
});
const UNSTEP_TWEAK = linear((cells) => {
  for (const i of STEPPED) cells[i] = INVERSE_STEP[cells[i]!]!;
  shuffle(cells, INVERSE_TWEAK_SHUFFLE);
});

/** One half of a word's image. */
function image(table: Int32Array, hi: number, lo: number): number {
  let out = 0;
  for (let i = 0; i < 8; i++) {
    const shift = 28 - 4 * i;
    out ^= table[16 * i + ((hi >>> shift) & 15)]! ^ table[128 + 16 * i + ((lo >>> shift) & 15)]!;
  }
  return out;
}

/** The S-box on two cells at once. */
const pairs = (table: ArrayLike<number>): Uint8Array =>
  Uint8Array.from({ length: 256 }, (_, i) => (table[i >> 4]! << 4) | table[i & 15]!);
const SUB = pairs(SBOX);
const INVERSE_SUB = pairs(inverse(SBOX));

function substitute(table: Uint8Array, word: number): number {
  const high = (table[word >>> 24]! << 24) | (table[(word >>> 16) & 255]! << 16);
  return high | (table[(word >>> 8) & 255]! << 8) | table[word & 255]!;
}

/**
 * Encrypt.
 * @param tweak the modifier
 * @param whitening key bits 127:64
 * @param core key bits 63:0
 * @param rounds 5 for QARMA5, 3 for QARMA3; the design has up to 7
 */
export function qarma(text: Word, tweak: Word, whitening: Word, core: Word, rounds = 5): Word {
  // The second whitening key: rotated right by one, the top bit added to the bottom one.
  const outerHi = (whitening.lo << 31) | (whitening.hi >>> 1);
  const outerLo = ((whitening.hi << 31) | (whitening.lo >>> 1)) ^ (whitening.hi >>> 31);
  let hi = text.hi ^ whitening.hi;
  let lo = text.lo ^ whitening.lo;
  let tweakHi = tweak.hi;
  let tweakLo = tweak.lo;
  const apply = (map: Linear): void => {
    const tables = map();
    const newHi = image(tables.hi, hi, lo);
    lo = image(tables.lo, hi, lo);
    hi = newHi;
  };
  const step = (map: Linear): void => {
    const tables = map();
    const newHi = image(tables.hi, tweakHi, tweakLo);
    tweakLo = image(tables.lo, tweakHi, tweakLo);
    tweakHi = newHi;
  };
  for (let i = 0; i < rounds; i++) {
    const [roundHi, roundLo] = ROUND_CONSTANTS[i]!;
    hi ^= core.hi ^ roundHi ^ tweakHi;
    lo ^= core.lo ^ roundLo ^ tweakLo;
    if (i > 0) apply(FORWARD);
    hi = substitute(SUB, hi);
    lo = substitute(SUB, lo);
    step(STEP_TWEAK);
  }
  // The centre: a full round, the reflector, and the round's inverse.
  hi ^= outerHi ^ tweakHi;
  lo ^= outerLo ^ tweakLo;
  apply(FORWARD);
  hi = substitute(SUB, hi);
  lo = substitute(SUB, lo);
  apply(FORWARD);
  hi ^= core.hi;
  lo ^= core.lo;
  apply(UNSHUFFLE);
  hi = substitute(INVERSE_SUB, hi);
  lo = substitute(INVERSE_SUB, lo);
  apply(BACKWARD);
  hi ^= whitening.hi ^ tweakHi;
  lo ^= whitening.lo ^ tweakLo;
  for (let i = rounds - 1; i >= 0; i--) {
    hi = substitute(INVERSE_SUB, hi);
    lo = substitute(INVERSE_SUB, lo);
    if (i > 0) apply(BACKWARD);
    step(UNSTEP_TWEAK);
    const [roundHi, roundLo] = ROUND_CONSTANTS[i]!;
    hi ^= core.hi ^ roundHi ^ ALPHA[0] ^ tweakHi;
    lo ^= core.lo ^ roundLo ^ ALPHA[1] ^ tweakLo;
  }
  return { hi: hi ^ outerHi, lo: lo ^ outerLo };
}
