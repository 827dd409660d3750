import {
  MEMORY,
  PLAIN,
  SATURATING,
  SIMD,
  SIMD_LANE,
  SIMD_MEMORY,
  SIMD_MEMORY_LANE,
  VALUE_TYPE,
} from "../../emulator/wasm/opcodes.js";

/**
 * Functions of a module as readable text, close to the WebAssembly text format: one instruction on a line,
 * indented by nesting. Names come from the tables that emitted code is written from.
 */

const EXTERNAL_TABLE = 1;
const SECTION_IMPORT = 2;
const SECTION_CODE = 10;

type Names = ReadonlyMap<number, string>;
const byCode = (table: Readonly<Record<string, number>>): Names =>
  new Map(Object.entries(table).map(([name, code]) => [code, spelling(name)]));

/** i32_wrap_i64 is i32.wrap_i64: only the first underscore is a dot. */
function spelling(name: string): string {
  return name.replace(/_$/, "").replace(/^([ifv]\d+(?:x\d+)?)_/, "$1.");
}

const PLAIN_NAMES = byCode(PLAIN);
const MEMORY_NAMES = byCode(MEMORY);
const SATURATING_NAMES = byCode(SATURATING);
const SIMD_NAMES = byCode(SIMD);
const SIMD_LANE_NAMES = byCode(SIMD_LANE);
const SIMD_MEMORY_NAMES = byCode(SIMD_MEMORY);
const SIMD_MEMORY_LANE_NAMES = byCode(SIMD_MEMORY_LANE);
const TYPE_NAMES = byCode(VALUE_TYPE);
const EMPTY_BLOCK = 0x40;

/** Instructions with immediates of their own kinds, which the builder writes one by one. */
const CONTROL: Readonly<Record<number, string>> = { 0x02: "block", 0x03: "loop", 0x04: "if" };
const ONE_INDEX: Readonly<Record<number, string>> = {
  0x0c: "br",
  0x0d: "br_if",
  0x10: "call",
  0x12: "return_call",
  0x20: "local.get",
  0x21: "local.set",
  0x22: "local.tee",
  0x23: "global.get",
  0x24: "global.set",
};
const INDIRECT: Readonly<Record<number, string>> = {
  0x11: "call_indirect",
  0x13: "return_call_indirect",
};

class Reader {
  at = 0;
  readonly bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  byte(): number {
    return this.#view.getUint8(this.at++);
  }

  /** Unsigned LEB128. */
  u32(): number {
    return Number(BigInt.asUintN(32, this.signed()[1]));
  }

  /** Signed LEB128. @returns the value sign-extended, and without */
  signed(): [bigint, bigint] {
    let value = 0n;
    let shift = 0n;
    for (;;) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << shift;
      shift += 7n;
      if ((byte & 0x80) === 0) return [BigInt.asIntN(Number(shift), value), value];
    }
  }

  text(): string {
    const length = this.u32();
    this.at += length;
    return new TextDecoder().decode(this.bytes.subarray(this.at - length, this.at));
  }

  float64(): number {
    this.at += 8;
    return this.#view.getFloat64(this.at - 8, true);
  }

  float32(): number {
    this.at += 4;
    return this.#view.getFloat32(this.at - 4, true);
  }

  hex(count: number): string {
    this.at += count;
    return Buffer.from(this.bytes.subarray(this.at - count, this.at)).toString("hex");
  }
}

/** Text of all functions of a module. */
export function wasmText(module: Uint8Array): string {
  const r = new Reader(module);
  r.at = 8;
  const functions: string[] = [];
  const lines: string[] = [];
  while (r.at < module.length) {
    const id = r.byte();
    const end = r.u32() + r.at;
    if (id === SECTION_IMPORT) functions.push(...importedFunctions(r));
    else if (id === SECTION_CODE) {
      for (let count = r.u32(), i = 0; i < count; i++) lines.push(...functionText(r, i, functions));
    }
    r.at = end;
  }
  return `${lines.join("\n")}\n`;
}

function importedFunctions(r: Reader): string[] {
  const names: string[] = [];
  for (let count = r.u32(); count > 0; count--) {
    r.text();
    const name = r.text();
    const kind = r.byte();
    if (kind === 0) {
      names.push(name);
      r.u32();
    } else if (kind === EXTERNAL_TABLE) {
      r.byte();
      limits(r);
    } else if (kind === 2) limits(r);
    else r.at += 2; // a global: type and mutability
  }
  return names;
}

function limits(r: Reader): void {
  const flags = r.byte();
  r.u32();
  if ((flags & 1) === 1) r.u32();
}

function functionText(r: Reader, index: number, imported: readonly string[]): string[] {
  const end = r.u32() + r.at;
  const locals: string[] = [];
  for (let groups = r.u32(); groups > 0; groups--) {
    const count = r.u32();
    locals.push(`${count} ${TYPE_NAMES.get(r.byte()) ?? "?"}`);
  }
  const lines = [`func f${index} (locals ${locals.join(", ")})`];
  let depth = 1;
  while (r.at < end) {
    const text = instructionText(r, imported);
    if (text === "end" || text === "else") depth--;
    lines.push("  ".repeat(Math.max(depth, 0)) + text);
    if (text === "else" || /^(block|loop|if)\b/.test(text)) depth++;
  }
  return lines;
}

function memoryArgument(r: Reader): string {
  r.u32();
  const offset = r.u32();
  return offset === 0 ? "" : ` offset=0x${offset.toString(16)}`;
}

function instructionText(r: Reader, imported: readonly string[]): string {
  const code = r.byte();
  const plain = PLAIN_NAMES.get(code);
  if (plain !== undefined) return plain;
  const memory = MEMORY_NAMES.get(code);
  if (memory !== undefined) return memory + memoryArgument(r);
  if (code === 0x05) return "else";
  if (code === 0x0b) return "end";
  const control = CONTROL[code];
  if (control !== undefined) {
    const type = r.byte();
    return type === EMPTY_BLOCK ? control : `${control} ${TYPE_NAMES.get(type) ?? `type ${type}`}`;
  }
  const name = ONE_INDEX[code];
  if (name !== undefined) {
    const index = r.u32();
    const isCall = name.endsWith("call");
    return `${name} ${isCall ? (imported[index] ?? `f${index - imported.length}`) : index}`;
  }
  const indirect = INDIRECT[code];
  if (indirect !== undefined) {
    const type = r.u32();
    r.u32();
    return `${indirect} type ${type}`;
  }
  switch (code) {
    case 0x0e: {
      const targets = Array.from({ length: r.u32() + 1 }, () => r.u32());
      return `br_table ${targets.join(" ")}`;
    }
    case 0x41:
      return `i32.const ${r.signed()[0]}`;
    case 0x42:
      return `i64.const ${r.signed()[0]}`;
    case 0x43:
      return `f32.const ${r.float32()}`;
    case 0x44:
      return `f64.const ${r.float64()}`;
    case 0xfc:
      return prefixedMisc(r);
    case 0xfd:
      return prefixedSimd(r);
    default:
      throw new Error(`opcode 0x${code.toString(16)} has no name here`);
  }
}

function prefixedMisc(r: Reader): string {
  const code = r.u32();
  const name = SATURATING_NAMES.get(code);
  if (name !== undefined) return name;
  if (code === 10) return `memory.copy ${r.byte()} ${r.byte()}`;
  if (code === 11) return `memory.fill ${r.byte()}`;
  throw new Error(`opcode 0xfc ${code} has no name here`);
}

function prefixedSimd(r: Reader): string {
  const code = r.u32();
  if (code === 12) return `v128.const 0x${r.hex(16)}`;
  if (code === 13) return `i8x16.shuffle 0x${r.hex(16)}`;
  const memory = SIMD_MEMORY_NAMES.get(code);
  if (memory !== undefined) return memory + memoryArgument(r);
  const lane = SIMD_MEMORY_LANE_NAMES.get(code);
  if (lane !== undefined) return `${lane}${memoryArgument(r)} lane ${r.byte()}`;
  const oneLane = SIMD_LANE_NAMES.get(code);
  if (oneLane !== undefined) return `${oneLane} ${r.byte()}`;
  const plain = SIMD_NAMES.get(code);
  if (plain !== undefined) return plain;
  throw new Error(`opcode 0xfd ${code} has no name here`);
}
