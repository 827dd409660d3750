import { FSC_ALIGNMENT, FSC_EXTERNAL, isTranslationFault } from "../emulator/arch/esr.js";
import { ACCESS_READ, ACCESS_WRITE } from "../emulator/index.js";
import { pmapUserMemory, type UserMemory } from "../vm/copyio.js";
import type { MapThread } from "../vm/map/switch.js";
import { PAGE_SIZE, VM_PROT_WRITE, type Ppn } from "../vm/types.js";
import { adoptMap } from "./context-switch.js";
import type { Kernel } from "./kernel.js";
import { vaHi, vaLo } from "./platform.js";
import type { Thread } from "./thread.js";

/** A thread as the VM sees it: it can be sent to another address space, and reaches memory through the MMU. */
export function mapThread(kernel: Kernel, thread: Thread): MapThread {
  return {
    get map() {
      return thread.map;
    },
    adopt(map) {
      adoptMap(kernel, thread, map);
    },
    userMemory: () => mmuUserMemory(kernel, thread),
  };
}

/** What the MMU translates while the thread is on the CPU: accesses of EL1, with PAN clear. */
function mmuUserMemory(kernel: Kernel, thread: Thread): UserMemory {
  const { map } = thread;
  const { phys } = map.context;
  if (map.isKernel) return pmapUserMemory(map);
  return {
    map,
    translate(va, prot) {
      const { mmu } = kernel.machine;
      const access = (prot & VM_PROT_WRITE) !== 0 ? ACCESS_WRITE : ACCESS_READ;
      mmu.announce(vaLo(va), vaHi(va), access, 1, false);
      const pa = mmu.translate(vaLo(va), vaHi(va), access, 1, false);
      if (pa >= 0) {
        const ppn = Math.floor(pa / PAGE_SIZE) as Ppn;
        if (ppn < phys.firstPpn || ppn >= phys.firstPpn + phys.pageCount) return "device";
        return { ppn, inFrame: pa % PAGE_SIZE, bytes: phys.page(ppn) };
      }
      const { status } = mmu.fault;
      if (status === FSC_ALIGNMENT || status === FSC_EXTERNAL) return "device";
      return isTranslationFault(status) ? "translation" : "permission";
    },
  };
}
