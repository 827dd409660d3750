import { signed, type Row } from "../../emulator/isa/pattern.js";
import type { Registers } from "./fuzz-case.js";

/** Which bytes an instruction accesses, worked out from the manual's description of each encoding. */

export interface Footprint {
  readonly address: bigint;
  readonly bytes: number;
  readonly reads: boolean;
  readonly writes: boolean;
  /** The address a fault tells, if it is not that of the first byte in question: DC ZVA's operand as it was given. */
  readonly given?: bigint;
}

type Fields = Readonly<Record<string, number>>;

export const DC_ZVA = 0xd50b_7420;
export const isZva = (word: number): boolean => (word & ~31) >>> 0 === DC_ZVA;
const ZVA_BYTES = 64n;

/** Structures of the "multiple" forms: registers by opcode (Arm ARM C4.1.94). */
const MULTIPLE: Readonly<Record<number, number>> = { 0: 4, 2: 4, 4: 3, 6: 3, 7: 1, 8: 2, 10: 2 };

/** Extend Xm as the option says. */
function extended(x: BigUint64Array, rm: number, option: number): bigint {
  const value = rm === 31 ? 0n : x[rm]!;
  if (option === 2) return BigInt.asUintN(32, value);
  if (option === 6) return BigInt.asIntN(32, value);
  return BigInt.asIntN(64, value);
}

/** @returns null for an instruction that accesses nothing (a prefetch) */
export function footprint(row: Row, word: number, { x }: Registers): Footprint | null {
  if (isZva(word)) {
    const rt = word & 31;
    const given = rt === 31 ? 0n : x[rt]!;
    const address = given & ~(ZVA_BYTES - 1n);
    return { address, bytes: Number(ZVA_BYTES), reads: false, writes: true, given };
  }
  const f = row.extract(word);
  const base = x[f["rn"]!]!; // register 31 is SP, as in the register file
  const isStore = row.name.startsWith("ST");
  const at = (bytes: number, offset = 0n, writes = isStore, reads = !writes): Footprint => {
    return { address: BigInt.asUintN(64, base + offset), bytes, reads, writes };
  };
  if (/^(LD|ST)[1-4]/.test(row.name)) return at(structureBytes(row, word, f));
  if (/^(LD|ST)[AL]*X?P/.test(row.name) && f["sz"] !== undefined) return at(8 << f["sz"]);
  if (row.name === "CASP") return at(8 << f["sz"]!, 0n, true, true);
  if (/^(LD(ADD|CLR|EOR|SET|[SU]M)|SWP|CAS)/.test(row.name))
    return at(1 << f["size"]!, 0n, true, true);
  if (row.name.startsWith("load/store pair")) return pair(row, word, f, at);
  if (f["opc"] !== undefined) return single(row, word, f, at, x);
  return at(1 << f["size"]!);
}

type At = (bytes: number, offset?: bigint, writes?: boolean) => Footprint;

const isVector = (word: number): boolean => ((word >>> 26) & 1) === 1;

function pair(row: Row, word: number, f: Fields, at: At): Footprint {
  const opc = f["opc"]!;
  const bytes = isVector(word) ? 4 << opc : opc >= 2 ? 8 : 4;
  const offset = row.name.includes("post") ? 0 : signed(f["imm7"]!, 7) * bytes;
  return at(2 * bytes, BigInt(offset), f["l"] === 0);
}

function single(row: Row, word: number, f: Fields, at: At, x: BigUint64Array): Footprint | null {
  const [size, opc] = [f["size"]!, f["opc"]!];
  const vector = isVector(word);
  if (!vector && size === 3 && opc === 2) return null;
  const scale = vector ? size | ((opc & 2) << 1) : size;
  const bytes = 1 << scale;
  const writes = vector ? (opc & 1) === 0 : opc === 0;
  if (f["imm12"] !== undefined) return at(bytes, BigInt(f["imm12"] * bytes), writes);
  if (f["rm"] !== undefined) {
    const shift = f["s"] === 1 ? scale : 0;
    return at(bytes, extended(x, f["rm"], f["option"]!) << BigInt(shift), writes);
  }
  const offset = row.name.includes("post") ? 0 : signed(f["imm9"]!, 9);
  return at(bytes, BigInt(offset), writes);
}

function structureBytes(row: Row, word: number, f: Fields): number {
  if (!row.name.includes("single")) return MULTIPLE[(word >>> 12) & 15]! * (8 << f["q"]!);
  const opcode = f["opcode"]!;
  const registers = (((opcode & 1) << 1) | f["r"]!) + 1;
  const scale = opcode >> 1;
  // Replicate: the size field; doublewords share an opcode with words.
  const log2 = scale === 3 ? f["size"]! : scale === 2 && (f["size"]! & 1) === 1 ? 3 : scale;
  return registers << log2;
}
