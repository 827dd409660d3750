import { OFF_CALL_DEPTH, OFF_MODE_KEY, OFF_PC } from "../cpu/state-layout.js";
import { newBody, type Body, type Local } from "../wasm/builder.js";
import type { FuncType, ModuleBuilder } from "../wasm/module.js";
import { LOOKUP_SLOT, NEXT_RETURN } from "./exit.js";
import { JUMP_CACHE, JUMP_CACHE_ENTRIES } from "./jump-cache.js";

/** The WebAssembly that runs regions one after another, and within one another. */

/** A region: returns a table slot or one of NEXT_* (jit/exit.ts). */
export const REGION_TYPE: FuncType = { params: [], results: ["i32"] };
/** A guest call: (slot) -> NEXT_* of the callee, or a slot to go on at without it. */
export const ENTER_TYPE: FuncType = { params: ["i32"], results: ["i32"] };
/** The dispatcher's way in: (slot), runs until something comes back to the host. */
export const CHAIN_TYPE: FuncType = { params: ["i32"], results: [] };

/**
 * Guest calls nest as WebAssembly calls up to here; a deeper one is a jump, and its return is looked up. Bounds the
 * host's stack: a region's frame is at most about 1.5 KiB.
 */
export const MAX_CALL_DEPTH = 160;

/**
 * Push the slot of the region at an address, LOOKUP_SLOT if the jump cache does not have it.
 * @param key pushes the mode's key
 */
export function emitJumpLookup(w: Body, target: Local, key: () => void): void {
  const entry = w.temp("i32");
  w.i32_const(LOOKUP_SLOT);
  w.local_get(target);
  w.i32_wrap_i64();
  w.i32_const(2);
  w.i32_shl();
  w.i32_const((JUMP_CACHE_ENTRIES - 1) << 4);
  w.i32_and();
  w.local_tee(entry);
  w.i32_load(JUMP_CACHE + 8);
  w.local_get(entry);
  w.i64_load(JUMP_CACHE);
  w.local_get(target);
  w.i64_ne();
  w.local_get(entry);
  w.i32_load(JUMP_CACHE + 12);
  key();
  w.i32_ne();
  w.i32_or();
  w.select();
  w.free(entry);
}

/**
 * Asks for a lookup: stands in every unlinked slot. The PC is in the state block already. The host answers
 * with the slot to go on at, or comes back for what it cannot do while regions wait for their calls.
 * @param lookUp function index of the host's lookup
 */
export function emitStub(module: ModuleBuilder, lookUp: number): void {
  const w = newBody();
  w.begin([]);
  w.call(lookUp);
  module.func(REGION_TYPE, w);
}

/** Run the regions that follow each other from `slot` on; leaves the NEXT_* that ended them in `slot`. */
function emitFollow(module: ModuleBuilder, w: Body, slot: Local): void {
  const next = w.loop();
  w.local_get(slot);
  w.call_indirect(module.type(REGION_TYPE));
  w.local_tee(slot);
  w.i32_const(0);
  w.i32_ge_s();
  w.br_if(next);
  w.end(next);
}

/** Count regions that wait for a call to return. */
export function addDepth(w: Body, n: number): void {
  w.i32_const(0);
  w.i32_const(0);
  w.i32_load(OFF_CALL_DEPTH);
  w.i32_const(n);
  w.i32_add();
  w.i32_store(OFF_CALL_DEPTH);
}

/** A guest call, nested in the region that makes it. */
export function emitEnter(module: ModuleBuilder): void {
  const w = newBody();
  w.begin(ENTER_TYPE.params);
  const slot = 0 as Local;
  w.i32_const(0);
  w.i32_load(OFF_CALL_DEPTH);
  w.i32_const(MAX_CALL_DEPTH);
  w.i32_ge_s();
  const deep = w.unlikely().if_();
  w.local_get(slot);
  w.return_();
  w.end(deep);
  addDepth(w, 1);
  emitFollow(module, w, slot);
  addDepth(w, -1);
  w.local_get(slot);
  module.func(ENTER_TYPE, w);
}

/** Run from `slot` until the host is needed. A return to nobody's call goes on where the jump cache says. */
export function emitChain(module: ModuleBuilder): void {
  const w = newBody();
  w.begin(CHAIN_TYPE.params);
  const slot = 0 as Local;
  const pc = w.local("i64");
  const again = w.loop();
  emitFollow(module, w, slot);
  w.local_get(slot);
  w.i32_const(NEXT_RETURN);
  w.i32_eq();
  const returned = w.if_();
  w.i32_const(0);
  w.i64_load(OFF_PC);
  w.local_set(pc);
  emitJumpLookup(w, pc, () => {
    w.i32_const(0);
    w.i32_load(OFF_MODE_KEY);
  });
  w.local_set(slot);
  w.br(again);
  w.end(returned);
  w.end(again);
  module.func(CHAIN_TYPE, w);
}
