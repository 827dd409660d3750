import { counterRatio } from "../arch/counter.js";
import {
  fixedValue,
  sysregByKey,
  sysregSlot,
  writableBits,
  type Counter,
  type Sysreg,
} from "../arch/sysreg.js";
import {
  OFF_BOUNCE,
  OFF_FPCR,
  OFF_FPSR,
  OFF_INTERRUPTS,
  OFF_PSTATE,
  OFF_SP_EL0,
  OFF_SP_EL1,
  OFF_SYSREG,
  OFF_WAITED,
} from "../cpu/state-layout.js";
import type { Emitter, Local } from "./emitter.js";
import { helper } from "./helpers.js";
import type { SystemHelperContext } from "./system-context.js";

/** Reading and writing the value of a system register, wherever it lives (arch/sysreg-table.ts). */

const STATE_OFFSET = {
  PSTATE: OFF_PSTATE,
  FPCR: OFF_FPCR,
  FPSR: OFF_FPSR,
  SP_EL0: OFF_SP_EL0,
  SP_EL1: OFF_SP_EL1,
  INTERRUPTS: OFF_INTERRUPTS,
} as const;

const RANDOM = helper("random", [], null, (context) => {
  const { cpu, memory } = context as SystemHelperContext;
  const { lo, hi } = cpu.nextRandom();
  memory.i32[OFF_BOUNCE / 4] = lo;
  memory.i32[OFF_BOUNCE / 4 + 1] = hi;
  return undefined;
});

function slotOffset(slot: number): number {
  return OFF_SYSREG + slot * 8;
}

function pushSlot(e: Emitter, slot: number): void {
  e.w.i32_const(0);
  e.w.i64_load(slotOffset(slot));
}

/** Push the counter, the same for both timers: the time, scaled. */
function pushCounter(e: Emitter): void {
  const { w } = e;
  const { ticks, instructions } = counterRatio(e.mode.config.counterHz);
  e.instructionCount();
  w.i32_const(0);
  w.i64_load(OFF_WAITED);
  w.i64_add();
  w.i64_const(ticks, 0);
  w.i64_mul();
  w.i64_const(instructions, 0);
  w.i64_div_u();
}

const EXTERNAL_READ = helper("externalRead", ["i32"], null, (context, key) => {
  const { cpu, memory } = context as SystemHelperContext;
  memory.i64[OFF_BOUNCE / 8] = cpu.external.read(sysregByKey(key!)!.name);
  return undefined;
});

const EXTERNAL_WRITE = helper("externalWrite", ["i32"], null, (context, key) => {
  const { cpu, memory } = context as SystemHelperContext;
  const value = BigInt.asUintN(64, memory.i64[OFF_BOUNCE / 8]!);
  cpu.external.write(sysregByKey(key!)!.name, value);
  return undefined;
});

function compareSlot(counter: Counter): number {
  return sysregSlot(counter === "virtual" ? "CNTV_CVAL_EL0" : "CNTP_CVAL_EL0");
}

/** Pop a timer's control register, push it with ISTATUS: enabled and the counter has reached CompareValue. */
function addTimerStatus(e: Emitter, counter: Counter): void {
  const { w } = e;
  const control = e.popTemp("i64");
  w.local_get(control);
  w.local_get(control);
  w.i64_const(1, 0);
  w.i64_and();
  pushCounter(e);
  pushSlot(e, compareSlot(counter));
  w.i64_ge_u();
  w.i64_extend_i32_u();
  w.i64_and();
  w.i64_const(2, 0);
  w.i64_shl();
  w.i64_or();
  e.free(control);
}

/** Push the value of a register as i64. */
export function emitSysregRead(e: Emitter, row: Sysreg): void {
  const { w } = e;
  const fixed = fixedValue(row, e.mode.config.model);
  if (fixed !== null) {
    w.i64_const(fixed.lo | 0, fixed.hi | 0);
    return;
  }
  const { home } = row;
  switch (home.kind) {
    case "slot":
      pushSlot(e, home.slot);
      if (row.timer !== null) addTimerStatus(e, row.timer);
      break;
    case "counter":
      pushCounter(e);
      break;
    case "timerValue":
      pushSlot(e, compareSlot(home.counter));
      pushCounter(e);
      w.i64_sub();
      w.i64_const(-1, 0);
      w.i64_and();
      break;
    case "external":
      w.i32_const(row.key);
      e.callHelper(EXTERNAL_READ);
      w.i32_const(0);
      w.i64_load(OFF_BOUNCE);
      break;
    case "random":
      e.callHelper(RANDOM);
      w.i32_const(0);
      e.setNZCV();
      w.i32_const(0);
      w.i64_load(OFF_BOUNCE);
      break;
    case "state":
      if (home.word === "NZCV") {
        e.getNZCV();
        w.i64_extend_i32_u();
      } else if (home.word === "SP_EL0" || home.word === "SP_EL1") {
        w.i32_const(0);
        w.i64_load(STATE_OFFSET[home.word]);
      } else {
        w.i32_const(0);
        w.i32_load(STATE_OFFSET[home.word]);
        w.i32_const(home.mask | 0);
        w.i32_and();
        w.i64_extend_i32_u();
      }
      break;
  }
}

/** The writable bits of `value` into a slot; the others keep what they have (their reset value). */
function storeSlot(e: Emitter, row: Sysreg, slot: number, value: Local): void {
  const { w } = e;
  const mask = writableBits(row, e.mode.config.model);
  w.i32_const(0);
  w.local_get(value);
  w.i64_const(mask.lo | 0, mask.hi | 0);
  w.i64_and();
  pushSlot(e, slot);
  w.i64_const(~mask.lo, ~mask.hi);
  w.i64_and();
  w.i64_or();
  w.i64_store(slotOffset(slot));
}

/** Registers whose writes do something else than being kept. */
function emitAction(e: Emitter, row: Sysreg, value: Local): void {
  const { w } = e;
  const slot = sysregSlot(row.onWrite === "osLock" ? "OSLSR_EL1" : "DBGCLAIMCLR_EL1");
  w.i32_const(0);
  if (row.onWrite === "osLock") {
    w.local_get(value);
    w.i64_const(1, 0);
    w.i64_and();
    w.i64_const(1, 0);
    w.i64_shl();
    w.i64_const(8, 0); // OSLM
    w.i64_or();
  } else {
    pushSlot(e, slot);
    w.local_get(value);
    w.i64_const(0xff, 0);
    w.i64_and();
    if (row.onWrite === "claimSet") w.i64_or();
    else {
      w.i64_const(-1, -1);
      w.i64_xor();
      w.i64_and();
    }
  }
  w.i64_store(slotOffset(slot));
}

function storeState(e: Emitter, home: Sysreg["home"] & { kind: "state" }, value: Local): void {
  const { w } = e;
  if (home.word === "NZCV") {
    w.local_get(value);
    w.i32_wrap_i64();
    e.setNZCV();
    return;
  }
  const offset = STATE_OFFSET[home.word];
  w.i32_const(0);
  w.local_get(value);
  if (home.word === "SP_EL0" || home.word === "SP_EL1") {
    w.i64_store(offset);
    return;
  }
  w.i32_wrap_i64();
  w.i32_const(home.mask | 0);
  w.i32_and();
  w.i32_const(0);
  w.i32_load(offset);
  w.i32_const(~home.mask);
  w.i32_and();
  w.i32_or();
  w.i32_store(offset);
}

/** Pop the i64 value for a register. */
export function emitSysregWrite(e: Emitter, row: Sysreg): void {
  const { w } = e;
  const value = e.popTemp("i64");
  const { home } = row;
  if (row.onWrite !== null) emitAction(e, row, value);
  else if (home.kind === "slot") storeSlot(e, row, home.slot, value);
  else if (home.kind === "state") storeState(e, home, value);
  else if (home.kind === "external") {
    w.i32_const(0);
    w.local_get(value);
    w.i64_store(OFF_BOUNCE);
    w.i32_const(row.key);
    e.callHelper(EXTERNAL_WRITE);
  } else if (home.kind === "timerValue") {
    w.i32_const(0);
    pushCounter(e);
    w.local_get(value);
    w.i64_extend32_s();
    w.i64_add();
    w.i64_store(slotOffset(compareSlot(home.counter)));
  }
  e.free(value);
}
