import { check } from "../../arch/check.js";
import { lazy } from "../../arch/lazy.js";

/**
 * Substitution boxes built on inversion in GF(2^8), as sixteen-entry tables for byte shuffles: sixteen bytes are
 * substituted at once, with no load that depends on the data. The idea is Mike Hamburg's ("Accelerating AES
 * with Vector Permute Instructions", 2009); the tables are computed here from the field.
 *
 * GF(2^8) is seen as GF(16)[z] / (z^2 + az + a); an element k + iz is the byte (i << 4) | k. With "1/0" a
 * number too big to index a table, and lookups out of range giving zero:
 *
 *     j = i + k          io = 1 / (1/i + a/k) + j = N / (k + ai)
 *                        jo = 1 / (1/j + a/k) + i = N / ((1 + a)k + ai)
 *
 * where N = k^2 + aik + ai^2 is the norm. 1/io and 1/jo are linear in the coordinates of 1/(k + iz), so that
 * one table indexed by io and one by jo, added up, give any linear function of the inverse.
 */
export interface NibbleSbox {
  /** Of the operand's low and high nibble: the element's coordinates, with the affine part before. */
  readonly inLow: Uint8Array;
  readonly inHigh: Uint8Array;
  /** 1/n and a/n in GF(16); 0x80 for n = 0. */
  readonly inverse: Uint8Array;
  readonly aOver: Uint8Array;
  /** Of io and jo: the two parts of the result but for `constant`. */
  readonly outIo: Uint8Array;
  readonly outJo: Uint8Array;
  /** To be added last. */
  readonly constant: number;
}

/** x -> linear(x) ^ constant */
interface Affine {
  readonly linear: (x: number) => number;
  readonly constant: number;
}

const OUT_OF_RANGE = 0x80;

/** Carry-less product modulo `modulus`, of degree `degree`. */
function multiply(a: number, b: number, modulus: number, degree: number): number {
  let product = 0;
  let shifted = a;
  for (let i = 0; i < degree; i++) {
    if ((b >> i) & 1) product ^= shifted;
    shifted <<= 1;
    if (shifted >> degree) shifted ^= modulus;
  }
  return product;
}

const multiply16 = (a: number, b: number): number => multiply(a, b, 0x13, 4);

const inverses16 = lazy(() =>
  Array.from({ length: 16 }, (_, n) => {
    for (let m = 1; m < 16; m++) if (multiply16(n, m) === 1) return m;
    return 0;
  }),
);

const inverse16 = (n: number): number => inverses16()[n] ?? 0;

/** The first a for which z^2 + az + a has no root in GF(16). */
const findA = lazy((): number => {
  for (let a = 1; a < 16; a++) {
    let hasRoot = false;
    for (let z = 0; z < 16; z++) hasRoot ||= (multiply16(z, z) ^ multiply16(a, z) ^ a) === 0;
    if (!hasRoot) return a;
  }
  check(false, "no irreducible z^2 + az + a");
});

/** Product of two elements (i << 4) | k. */
function multiplyTower(x: number, y: number): number {
  const [i, k] = [x >> 4, x & 15];
  const [m, n] = [y >> 4, y & 15];
  const top = multiply16(findA(), multiply16(i, m));
  return ((multiply16(k, m) ^ multiply16(i, n) ^ top) << 4) | (multiply16(k, n) ^ top);
}

/** Images of all bytes under an isomorphism from GF(2)[x] / modulus. */
function isomorphism(modulus: number): number[] {
  for (let root = 2; root < 256; root++) {
    const powers = [1];
    for (let n = 1; n <= 8; n++) powers.push(multiplyTower(powers[n - 1] ?? 0, root));
    const map = (x: number): number =>
      powers.reduce((sum, p, n) => ((x >> n) & 1 ? sum ^ p : sum), 0);
    if (map(modulus) === 0) return Array.from({ length: 256 }, (_, x) => map(x));
  }
  check(false, "not a field of 256 elements", modulus);
}

/**
 * Tables of x -> after(1 / before(x)) in GF(2)[x] / modulus, with 1/0 = 0.
 * @param modulus an irreducible polynomial of degree 8
 */
export function nibbleSbox(modulus: number, before: Affine, after: Affine): NibbleSbox {
  const toTower = isomorphism(modulus);
  const fromTower = new Array<number>(256).fill(0);
  toTower.forEach((image, x) => (fromTower[image] = x));
  const table = (entry: (n: number) => number): Uint8Array =>
    Uint8Array.from({ length: 16 }, (_, n) => entry(n));
  const tower = (x: number): number => toTower[x] ?? 0;
  const result = (i: number, k: number): number => after.linear(fromTower[(i << 4) | k] ?? 0);
  const overA = (n: number): number => multiply16(n, inverse16(findA()));
  return {
    inLow: table((n) => tower(before.linear(n) ^ before.constant)),
    inHigh: table((n) => tower(before.linear(n << 4))),
    inverse: table((n) => (n === 0 ? OUT_OF_RANGE : inverse16(n))),
    aOver: table((n) => (n === 0 ? OUT_OF_RANGE : multiply16(findA(), inverse16(n)))),
    outIo: table((n) => {
      const u = inverse16(n);
      return result(overA(u) ^ overA(overA(u)), u);
    }),
    outJo: table((n) => result(overA(overA(inverse16(n))), 0)),
    constant: after.constant,
  };
}

/** Sum of the byte rotated left by each of the amounts. */
function rotations(...amounts: readonly number[]): (x: number) => number {
  return (x) => amounts.reduce((sum, by) => sum ^ (((x << by) | (x >> (8 - by))) & 0xff), 0);
}

const AES_MODULUS = 0x11b;
const IDENTITY: Affine = { linear: (x) => x, constant: 0 };

/** FIPS 197, SubBytes. */
export const aesSbox = lazy(() =>
  nibbleSbox(AES_MODULUS, IDENTITY, { linear: rotations(0, 1, 2, 3, 4), constant: 0x63 }),
);

/** FIPS 197, InvSubBytes. */
export const aesInverseSbox = lazy(() =>
  nibbleSbox(AES_MODULUS, { linear: rotations(1, 3, 6), constant: 0x05 }, IDENTITY),
);

const SM4_AFFINE: Affine = { linear: rotations(0, 1, 3, 6, 7), constant: 0xd3 };

/** GB/T 32907, the S box. */
export const sm4Sbox = lazy(() => nibbleSbox(0x1f5, SM4_AFFINE, SM4_AFFINE));
