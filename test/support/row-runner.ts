import { check } from "../../emulator/arch/check.js";
import { DEFAULT_CPU_CONFIG } from "../../emulator/arch/cpu-model.js";
import { OFF_NZCV, OFF_SP_EL0, OFF_V, OFF_X } from "../../emulator/cpu/state-layout.js";
import type { Emitter, Local, Mode, ValType } from "../../emulator/isa/emitter.js";
import { helpers, helperType, type HelperContext } from "../../emulator/isa/helpers.js";
import type { Row } from "../../emulator/isa/pattern.js";
import { MIN_RAM_BYTES, PhysMemory } from "../../emulator/mmu/phys-memory.js";
import { newBody, type Body } from "../../emulator/wasm/builder.js";
import { ModuleBuilder } from "../../emulator/wasm/module.js";

/**
 * The plainest possible engine, to test rows apart from the translator: one instruction, registers in the
 * state block, guest addresses that are byte offsets of the WebAssembly memory, no faults. It implements
 * what register, vector and memory rows use; anything else is a HostBug.
 */
class PlainEmitter implements Emitter {
  readonly w: Body;
  readonly mode: Mode;
  readonly pc = 0;
  readonly word: number;
  readonly #module: ModuleBuilder;

  constructor(w: Body, module: ModuleBuilder, word: number, fpcr: number, fpsrExact: boolean) {
    this.w = w;
    this.#module = module;
    this.word = word;
    const bits = (fpcr >>> 19) & 0xff;
    this.mode = {
      key: 0,
      el: 0,
      spSel: 0,
      pageShift: 14,
      fpTrapped: false,
      spAlignment: false,
      strictAlignment: false,
      unalignedOrdered: false,
      config: DEFAULT_CPU_CONFIG,
      fpcr: bits,
      fpDefault: bits === 0,
      fpsrExact,
      accessHooks: false,
      observed: false,
      guarded: false,
      strictLanding: false,
      coherent: false,
      careful: false,
    };
  }

  temp(type: ValType): Local {
    return this.w.temp(type);
  }
  free(...locals: Local[]): void {
    this.w.free(...locals);
  }
  popTemp(type: ValType): Local {
    const local = this.w.temp(type);
    this.w.local_set(local);
    return local;
  }

  #storeState(type: ValType, offset: number): void {
    const value = this.popTemp(type);
    this.w.i32_const(0);
    this.w.local_get(value);
    this.w[`${type}_store`](offset);
    this.free(value);
  }

  getX(r: number): void {
    if (r === 31) this.w.i64_const(0, 0);
    else {
      this.w.i32_const(0);
      this.w.i64_load(OFF_X + 8 * r);
    }
  }
  setX(r: number): void {
    if (r === 31) this.w.drop();
    else this.#storeState("i64", OFF_X + 8 * r);
  }
  getW(r: number): void {
    this.getX(r);
    this.w.i32_wrap_i64();
  }
  setW(r: number): void {
    this.w.i64_extend_i32_u();
    this.setX(r);
  }
  getR(r: number, sf: number): void {
    if (sf === 0) this.getW(r);
    else this.getX(r);
  }
  setR(r: number, sf: number): void {
    if (sf === 0) this.setW(r);
    else this.setX(r);
  }
  getXsp(r: number): void {
    if (r !== 31) {
      this.getX(r);
      return;
    }
    this.w.i32_const(0);
    this.w.i64_load(OFF_SP_EL0);
  }
  setXsp(r: number): void {
    if (r === 31) this.#storeState("i64", OFF_SP_EL0);
    else this.setX(r);
  }
  getBase(r: number): void {
    this.getXsp(r);
  }

  setNZCV(): void {
    this.w.i32_const(0xf000_0000 | 0);
    this.w.i32_and();
    this.#storeState("i32", OFF_NZCV);
  }
  getNZCV(): void {
    this.w.i32_const(0);
    this.w.i32_load(OFF_NZCV);
  }
  cond(code: number): void {
    const { w } = this;
    // One bit per value of NZCV for which the condition holds.
    let holds = 0;
    for (let nzcv = 0; nzcv < 16; nzcv++) if (conditionHolds(code, nzcv)) holds |= 1 << nzcv;
    w.i32_const(holds);
    this.getNZCV();
    w.i32_const(28);
    w.i32_shr_u();
    w.i32_shr_u();
    w.i32_const(1);
    w.i32_and();
  }
  flagsFcmp(a: Local, b: Local): void {
    this.#pushFcmp(a, b);
    this.setNZCV();
  }
  flagsConditionalFcmp(a: Local, b: Local, nzcv: number): void {
    const condition = this.popTemp("i32");
    this.#pushFcmp(a, b);
    this.w.i32_const(nzcv << 28);
    this.w.local_get(condition);
    this.w.select();
    this.setNZCV();
    this.free(condition);
  }
  #pushFcmp(a: Local, b: Local): void {
    const { w } = this;
    const relation = (nzcv: number, compare: "f64_lt" | "f64_eq" | "f64_gt"): void => {
      w.local_get(a);
      w.local_get(b);
      w[compare]();
      const yes = w.if_("i32");
      w.i32_const(nzcv << 28);
      w.else_(yes);
      if (compare === "f64_lt") relation(0b0110, "f64_eq");
      else if (compare === "f64_eq") relation(0b0010, "f64_gt");
      else w.i32_const(0b0011 << 28);
      w.end(yes);
    };
    relation(0b1000, "f64_lt");
  }

  getV(n: number): void {
    this.w.i32_const(0);
    this.w.v128_load(OFF_V + 16 * n);
  }
  setV(n: number): void {
    this.#storeState("v128", OFF_V + 16 * n);
  }
  getD(n: number): void {
    this.w.i32_const(0);
    this.w.f64_load(OFF_V + 16 * n);
  }
  getS(n: number): void {
    this.w.i32_const(0);
    this.w.f32_load(OFF_V + 16 * n);
  }
  getDbits(n: number): void {
    this.w.i32_const(0);
    this.w.i64_load(OFF_V + 16 * n);
  }
  getSbits(n: number): void {
    this.w.i32_const(0);
    this.w.i32_load(OFF_V + 16 * n);
  }
  getHbits(n: number): void {
    this.w.i32_const(0);
    this.w.i32_load16_u(OFF_V + 16 * n);
  }
  getBbits(n: number): void {
    this.w.i32_const(0);
    this.w.i32_load8_u(OFF_V + 16 * n);
  }
  #storeScalar(type: ValType, n: number): void {
    const value = this.popTemp(type);
    this.w.v128_const(new Uint8Array(16));
    this.setV(n);
    this.w.local_get(value);
    this.#storeState(type, OFF_V + 16 * n);
    this.free(value);
  }
  setD(n: number): void {
    this.#storeScalar("f64", n);
  }
  setS(n: number): void {
    this.#storeScalar("f32", n);
  }
  setDbits(n: number): void {
    this.#storeScalar("i64", n);
  }
  setSbits(n: number): void {
    this.#storeScalar("i32", n);
  }
  setHbits(n: number): void {
    this.w.i32_const(0xffff);
    this.w.i32_and();
    this.setSbits(n);
  }
  setBbits(n: number): void {
    this.w.i32_const(0xff);
    this.w.i32_and();
    this.setSbits(n);
  }
  setVlow(n: number): void {
    this.w.i64x2_extract_lane(0);
    this.setDbits(n);
  }

  hostRead(_bytes: number): Local {
    this.w.i32_wrap_i64();
    return this.popTemp("i32");
  }
  hostWrite(_bytes: number, emit: (host: Local) => void): void {
    const host = this.hostRead(_bytes);
    emit(host);
    emit(host);
    this.free(host);
  }

  callHelper(name: string): void {
    const { params, results } = helperType(name);
    this.w.call(this.#module.import(name, { params, results }));
  }

  pcRelative = unsupported;
  getRsp = unsupported;
  setRsp = unsupported;
  constR = unsupported;
  add = unsupported;
  sub = unsupported;
  and = unsupported;
  or = unsupported;
  xor = unsupported;
  flagsAdd = unsupported;
  flagsSub = unsupported;
  flagsAdc = unsupported;
  flagsLogic = unsupported;
  flagsConditional = unsupported;
  load = unsupported;
  store = unsupported;
  loadUnprivileged = unsupported;
  storeUnprivileged = unsupported;
  checkAligned = unsupported;
  branch = unsupported;
  branchIf = unsupported;
  branchIndirect = unsupported;
  callIndirect = unsupported;
  call = unsupported;
  ret = unsupported;
  exception = unsupported;
  exceptionIf = unsupported;
  undefined = unsupported;
  takeRaised = unsupported;
  leave = unsupported;
  leaveIf = unsupported;
  leaveToPc = unsupported;
  instructionCount = unsupported;

  noteIndexing(): void {}
  noteStep(): void {}
}

function unsupported(): never {
  check(false, "the plain emitter does not do this");
}

/** Arm ARM: ConditionHolds. */
function conditionHolds(code: number, nzcv: number): boolean {
  const [n, z, c, v] = [8, 4, 2, 1].map((bit) => (nzcv & bit) !== 0);
  const base = [z, c, n, v, c && !z, n === v, n === v && !z, true][code >> 1] ?? false;
  return (code & 1) === 1 && code !== 15 ? !base : base;
}

export interface RowRunner {
  readonly memory: PhysMemory;
  /**
   * Translate one instruction under an FPCR, keeping FPSR's flags or not; the function runs it on the
   * state block.
   */
  compile(row: Row, word: number, fpcr: number, fpsrExact?: boolean): () => void;
}

export function rowRunner(): RowRunner {
  const memory = new PhysMemory(MIN_RAM_BYTES);
  const context: HelperContext = { memory };
  const table = new WebAssembly.Table({ initial: 0, element: "anyfunc" });
  const module = new ModuleBuilder(memory.memory.buffer.byteLength / 0x1_0000);
  const body = newBody();
  const imports: Record<string, WebAssembly.ImportValue> = { memory: memory.memory, table };
  for (const [name, { run }] of helpers()) {
    imports[name] = (...args: number[]) => run(context, ...args);
  }
  return {
    memory,
    compile(row, word, fpcr, fpsrExact = false) {
      module.begin();
      body.begin([]);
      row.emit(new PlainEmitter(body, module, word, fpcr, fpsrExact), row.extract(word));
      check(body.outstanding === 0, "scratch locals were not freed", row.name);
      check(body.openLabels === 0, "labels left open", row.name);
      module.func({ params: [], results: [] }, body);
      const compiled = new WebAssembly.Module(module.finish());
      const instance = new WebAssembly.Instance(compiled, { m: imports });
      return instance.exports["f0"] as () => void;
    },
  };
}
