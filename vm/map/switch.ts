import { check } from "../../emulator/arch/check.js";
import type { Blocking } from "../blocking.js";
import type { VmContext } from "../context.js";
import type { UserMemory } from "../copyio.js";
import { vmMapDeallocate } from "./lifecycle.js";
import { vmMapReference, type VmMap } from "./map.js";

/**
 * What the VM knows of a thread: the address space it acts in. In the kernel it may be another's than its
 * task's for a while.
 */
export interface MapThread {
  /** XNU: current_map(). */
  readonly map: VmMap;
  /** Act in `map` from now on: its pmap is the CPU's while the thread runs. */
  adopt(map: VmMap): void;
  /** The memory of `map` as the machine's own MMU shows it. */
  userMemory(): UserMemory;
}

/** What a thread goes back to. XNU: vm_map_switch_context_t. */
export interface VmMapSwitchContext {
  readonly thread: MapThread;
  readonly before: VmMap;
  readonly adopted: VmMap;
}

/**
 * The current thread acts in another address space, its own or not: what it copies in and out, and the
 * faults it takes on the way, are that map's. It may sleep meanwhile, and switch further. XNU:
 * vm_map_switch_to, which holds the map's task; here the map is held.
 */
export function vmMapSwitchTo(ctx: VmContext, map: VmMap): VmMapSwitchContext {
  const thread = ctx.currentThread();
  check(thread !== null, "no thread to switch to another map");
  vmMapReference(map);
  const before = thread.map;
  thread.adopt(map);
  return { thread, before, adopted: map };
}

/** Back to the map it was in. What was switched last goes back first. XNU: vm_map_switch_back. */
export function* vmMapSwitchBack({ thread, before, adopted }: VmMapSwitchContext): Blocking<void> {
  check(thread.map === adopted, "switched back out of order", adopted.owner);
  thread.adopt(before);
  yield* vmMapDeallocate(adopted);
}
