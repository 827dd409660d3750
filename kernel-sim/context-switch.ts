import { check } from "../emulator/arch/check.js";
import { sysregSlot } from "../emulator/arch/sysreg.js";
import type { Blocking } from "../vm/blocking.js";
import { vmMapDeallocate } from "../vm/map/lifecycle.js";
import type { VmMap } from "../vm/map/map.js";
import { pmapSwitch, type Pmap, type TranslationRegisters } from "../vm/pmap/index.js";
import { PAGE_SIZE } from "../vm/types.js";
import type { Kernel } from "./kernel.js";
import type { Task } from "./task.js";
import type { SavedContext, Thread } from "./thread.js";

const TTBR0 = sysregSlot("TTBR0_EL1");
const TCR = sysregSlot("TCR_EL1");
/** TCR_EL1.TG0. */
const TG0_SHIFT = 14;
const TG0_MASK = 3 << TG0_SHIFT;

/** The registers on the CPU as a thread in the kernel has them. */
export function captureContext(kernel: Kernel): SavedContext {
  const { cpu } = kernel;
  return { cpu: cpu.save(), elr: cpu.sysreg("ELR_EL1"), spsr: cpu.sysreg("SPSR_EL1") };
}

/** Put a thread's registers and address space on the CPU. XNU: machine_switch_context. */
export function switchTo(kernel: Kernel, thread: Thread): void {
  const { cpu, cpuOwner } = kernel;
  if (cpuOwner !== thread) {
    if (cpuOwner !== null) {
      if (cpuOwner.state !== "dead") cpuOwner.saved = captureContext(kernel);
      kernel.stats.contextSwitches++;
    }
    check(thread.saved !== null, "thread has no registers", thread.id);
    cpu.restore(thread.saved.cpu);
    cpu.setSysreg("ELR_EL1", thread.saved.elr);
    cpu.setSysreg("SPSR_EL1", thread.saved.spsr);
    thread.saved = null;
    kernel.cpuOwner = thread;
  }
  activatePmap(kernel, userPmap(thread));
}

/** What TTBR0 is for while the thread runs: nothing for one that acts in the kernel's map. */
function userPmap({ adopted, task }: Thread): Pmap | null {
  if (adopted !== null) return adopted.isKernel ? null : adopted.pmap;
  return task.exiting ? null : task.map.pmap;
}

/**
 * The thread acts in `map` from now on, and the CPU with it if the thread is on it. XNU: the switching part of
 * vm_map_switch_to.
 */
export function adoptMap(kernel: Kernel, thread: Thread, map: VmMap): void {
  thread.adopted = map === thread.task.map ? null : map;
  if (kernel.current === thread) activatePmap(kernel, userPmap(thread));
}

/**
 * Translate user addresses with `pmap` from now on; null parks the CPU on a table that maps nothing,
 * as XNU does on its invalid table. XNU: pmap_switch, pmap_switch_user.
 */
export function activatePmap(kernel: Kernel, pmap: Pmap | null): void {
  if (kernel.activePmap === pmap) return;
  kernel.activePmap = pmap;
  if (pmap === null) parkTtbr0(kernel);
  else pmapSwitch(pmap, translationRegisters(kernel));
  kernel.machine.contextChanged();
  // Copies to and from user memory translate before the machine runs again.
  kernel.machine.mmu.contextChanged(0, false);
}

function parkTtbr0({ cpu, invalidTable }: Kernel): void {
  const root = invalidTable * PAGE_SIZE;
  cpu.writeSlot(TTBR0, root % 2 ** 32, Math.floor(root / 2 ** 32));
}

function translationRegisters(kernel: Kernel): TranslationRegisters {
  const { cpu } = kernel;
  return {
    parkTtbr0: () => {
      parkTtbr0(kernel);
    },
    setTg0: (code) => {
      const lo = cpu.readLo(TCR);
      const wanted = (lo & ~TG0_MASK) | (code << TG0_SHIFT);
      if (wanted !== lo) cpu.writeSlot(TCR, wanted, cpu.readHi(TCR));
    },
    setTtbr0: (lo, hi) => {
      cpu.writeSlot(TTBR0, lo, hi);
    },
  };
}

/**
 * Give a task another address space, for exec; `map`'s reference is taken over. The old one is given
 * up. XNU: swap_task_map.
 */
export function* replaceTaskMap(kernel: Kernel, task: Task, map: VmMap): Blocking<void> {
  const old = task.map;
  task.map = map;
  if (kernel.activePmap === old.pmap) activatePmap(kernel, map.pmap);
  if (old !== map) yield* vmMapDeallocate(old);
}
