import { check } from "../arch/check.js";
import { CodeBuffer } from "./code-buffer.js";
import { VALUE_TYPE, type ValType } from "./opcodes.js";

/** A wasm local; the number is its index. */
export type Local = number & { readonly kind: "Local" };
/** An open block, loop or if: a handle, not a depth. The number is its nesting level. */
export type Label = number & { readonly kind: "Label" };

/**
 * A function body under construction: its locals, its labels, and one method for each instruction that the opcode tables
 * do not describe (builder.ts). Labels are handles; here they turn into depths.
 */
export class BodyCore extends CodeBuffer {
  private depth = 0;
  private readonly localTypes: ValType[] = [];
  private readonly freeLocals: Record<ValType, Local[]> = {
    i32: [],
    i64: [],
    f32: [],
    f64: [],
    v128: [],
  };
  private borrowed = 0;
  private parameters = 0;
  /** Offsets of the branches marked by `unlikely`. */
  readonly unlikelyAt: number[] = [];
  /** Where `callOwn` left room for a function index. */
  readonly ownCalls: { readonly at: number; readonly index: number }[] = [];

  /** Start a new function whose parameters are locals 0..n-1. */
  begin(parameters: readonly ValType[]): void {
    this.reset();
    this.depth = 0;
    this.localTypes.length = 0;
    for (const type of parameters) this.localTypes.push(type);
    this.parameters = parameters.length;
    this.borrowed = 0;
    this.unlikelyAt.length = 0;
    this.ownCalls.length = 0;
    const { i32, i64, f32, f64, v128 } = this.freeLocals;
    i32.length = i64.length = f32.length = f64.length = v128.length = 0;
  }

  /** A new local that stays allocated for the whole function. Starts as zero. */
  local(type: ValType): Local {
    this.localTypes.push(type);
    return (this.localTypes.length - 1) as Local;
  }

  /** Borrow a scratch local; give it back with `free`. Its value is whatever was left there. */
  temp(type: ValType): Local {
    this.borrowed++;
    return this.freeLocals[type].pop() ?? this.local(type);
  }

  free(...locals: Local[]): void {
    for (const local of locals) {
      const type = this.localTypes[local];
      check(type !== undefined, "freed a local that does not exist", local);
      this.freeLocals[type].push(local);
      this.borrowed--;
    }
  }

  /** Scratch locals not yet given back. */
  get outstanding(): number {
    return this.borrowed;
  }

  typeOf(local: Local): ValType {
    const type = this.localTypes[local];
    check(type !== undefined, "no such local", local);
    return type;
  }

  /** Open blocks, loops and ifs. */
  get openLabels(): number {
    return this.depth;
  }

  block(result?: ValType): Label {
    return this.open(0x02, result);
  }

  loop(result?: ValType): Label {
    return this.open(0x03, result);
  }

  /** Pops an i32; the block runs when it is not zero. */
  if_(result?: ValType): Label {
    return this.open(0x04, result);
  }

  /**
   * The `if` or `br_if` emitted next is rarely taken: an engine that reads branch hints keeps its body, and the
   * registers that calls in it would cost, off the straight path.
   */
  unlikely(): this {
    this.unlikelyAt.push(this.length);
    return this;
  }

  else_(label: Label): void {
    check(label === this.depth, "else outside its if", label);
    this.byte(0x05);
  }

  end(label: Label): void {
    check(label === this.depth, "labels closed out of order", label);
    this.depth--;
    this.byte(0x0b);
  }

  br(label: Label): void {
    this.byteAndU32(0x0c, this.depth - label);
  }

  br_if(label: Label): void {
    this.byteAndU32(0x0d, this.depth - label);
  }

  br_table(labels: readonly Label[], otherwise: Label): void {
    this.byte(0x0e);
    this.u32(labels.length);
    for (const label of labels) this.u32(this.depth - label);
    this.u32(this.depth - otherwise);
  }

  call(functionIndex: number): void {
    this.byteAndU32(0x10, functionIndex);
  }

  /** Call a function of the module under construction, by its number among the module's own. */
  callOwn(index: number): void {
    this.byte(0x10);
    this.ownCalls.push({ at: this.length, index });
    this.raw(PADDED_INDEX); // the imports, which come first, are not all known yet
  }

  call_indirect(typeIndex: number, tableIndex = 0): void {
    this.byte(0x11);
    this.u32(typeIndex);
    this.u32(tableIndex);
  }

  return_call_indirect(typeIndex: number, tableIndex = 0): void {
    this.byte(0x13);
    this.u32(typeIndex);
    this.u32(tableIndex);
  }

  local_get(local: Local): void {
    this.byteAndU32(0x20, local);
  }

  local_set(local: Local): void {
    this.byteAndU32(0x21, local);
  }

  local_tee(local: Local): void {
    this.byteAndU32(0x22, local);
  }

  i32_const(value: number): void {
    if (value >= -0x40 && value < 0x40) this.pair(0x41, value & 0x7f);
    else {
      this.byte(0x41);
      this.s32(value);
    }
  }

  /** A 64-bit constant from two 32-bit halves. */
  i64_const(lo: number, hi: number): void {
    const low = lo | 0;
    if ((hi | 0) !== low >> 31) {
      this.byte(0x42);
      this.s64(lo, hi);
    } else if (low >= -0x40 && low < 0x40) this.pair(0x42, low & 0x7f);
    else {
      this.byte(0x42);
      this.s32(low);
    }
  }

  i64_const_big(value: bigint): void {
    this.i64_const(
      Number(BigInt.asIntN(32, value)),
      Number(BigInt.asIntN(32, BigInt.asIntN(64, value) >> 32n)),
    );
  }

  /** A 64-bit constant from an integer number, |value| < 2^53, sign-extended. */
  i64_const_number(value: number): void {
    // Bit operations take any integer modulo 2^32.
    this.i64_const(value | 0, Math.floor(value / 0x1_0000_0000));
  }

  f32_const(value: number): void {
    this.byte(0x43);
    SCRATCH.setFloat32(0, value, true);
    this.raw(SCRATCH_BYTES.subarray(0, 4));
  }

  f64_const(value: number): void {
    this.byte(0x44);
    SCRATCH.setFloat64(0, value, true);
    this.raw(SCRATCH_BYTES.subarray(0, 8));
  }

  /** A vector constant from its 16 bytes, byte 0 first. */
  v128_const(bytes: ArrayLike<number>): void {
    check(bytes.length === 16, "a v128 has 16 bytes", bytes.length);
    this.simd(0x0c);
    this.raw(bytes);
  }

  /** Lanes 0..15 pick from the first operand, 16..31 from the second. */
  i8x16_shuffle(lanes: ArrayLike<number>): void {
    check(lanes.length === 16, "a shuffle has 16 lanes", lanes.length);
    this.simd(0x0d);
    this.raw(lanes);
  }

  /** Pops length, value and destination. */
  memory_fill(): void {
    this.raw([0xfc, 0x0b, 0x00]);
  }

  /** Pops length, source and destination. */
  memory_copy(): void {
    this.raw([0xfc, 0x0a, 0x00, 0x00]);
  }

  simd(opcode: number): void {
    this.byte(0xfd);
    this.u32(opcode);
  }

  /** The declaration of the locals that are not parameters, as it precedes the code. */
  writeLocals(out: CodeBuffer): void {
    const types = this.localTypes;
    let groups = 0;
    for (let i = this.parameters; i < types.length; i++) {
      if (i === this.parameters || types[i] !== types[i - 1]) groups++;
    }
    out.u32(groups);
    for (let i = this.parameters, next = i; i < types.length; i = next) {
      while (types[next] === types[i]) next++;
      out.u32(next - i);
      out.byte(VALUE_TYPE[types[i]!]);
    }
  }

  private open(opcode: number, result: ValType | undefined): Label {
    this.pair(opcode, result === undefined ? 0x40 : VALUE_TYPE[result]);
    return ++this.depth as Label;
  }
}

/** A LEB128 number that takes five bytes whatever its value. */
const PADDED_INDEX = [0x80, 0x80, 0x80, 0x80, 0x00] as const;

const SCRATCH_BYTES = new Uint8Array(8);
const SCRATCH = new DataView(SCRATCH_BYTES.buffer);
