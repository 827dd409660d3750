import type { Blocking } from "../../../vm/blocking.js";
import { machVmAllocate, machVmDeallocate } from "../../../vm/mach-vm/allocate.js";
import { machVmProtect, machVmPurgableControl } from "../../../vm/mach-vm/attributes.js";
import { machVmMap } from "../../../vm/mach-vm/map.js";
import type { VmMap } from "../../../vm/map/map.js";
import { rawInherit, rawProt, rawU64 } from "../../../vm/sanitize.js";
import {
  KERN_SUCCESS,
  MACH_SEND_INVALID_DEST,
  VM_INHERIT_DEFAULT,
  VM_PROT_ALL,
  type KernResult,
  type VmOffset,
} from "../../../vm/types.js";
import { darwinErrno } from "../errno.js";
import { trap, type DarwinCall, type MachReturn, type MachRow } from "./call.js";

/** A pointer that cannot be used: copyin's own number, which reads as KERN_ABORTED. */
export const BAD_POINTER = darwinErrno("EFAULT");

/**
 * The caller's map, if the port names the caller's task: for others libsyscall sends a message.
 * XNU: port_name_to_current_map_noref.
 */
function currentMap(c: DarwinCall, i: number): VmMap | null {
  const port = c.state.ports.send(c.uint(i));
  if (typeof port === "number" || port.kind !== "task" || port.task !== c.task) return null;
  return c.task.map;
}

/** An address that goes in and out through argument 1. */
function* withAddress(
  c: DarwinCall,
  operation: (address: bigint) => Blocking<KernResult<{ address: VmOffset }>>,
): Blocking<MachReturn> {
  const bytes = yield* c.copyIn(c.u64(1), 8);
  if (!bytes.ok) return BAD_POINTER;
  const address = new DataView(bytes.value.buffer, bytes.value.byteOffset).getBigUint64(0, true);
  const result = yield* operation(address);
  if (result.kr !== KERN_SUCCESS) return result.kr;
  // What was mapped stays mapped even if nobody is told where.
  const fault = yield* c.copyOutWords(c.u64(1), [result.address]);
  return fault === null ? KERN_SUCCESS : BAD_POINTER;
}

function* allocate(c: DarwinCall): Blocking<MachReturn> {
  const map = currentMap(c, 0);
  if (map === null) return MACH_SEND_INVALID_DEST;
  return yield* withAddress(c, (address) =>
    machVmAllocate(map, rawU64(address), rawU64(c.u64(2)), c.uint(3)),
  );
}

function* deallocate(c: DarwinCall): Blocking<MachReturn> {
  const map = currentMap(c, 0);
  if (map === null) return MACH_SEND_INVALID_DEST;
  return yield* machVmDeallocate(map, rawU64(c.u64(1)), rawU64(c.u64(2)));
}

function* protect(c: DarwinCall): Blocking<MachReturn> {
  const map = currentMap(c, 0);
  if (map === null) return MACH_SEND_INVALID_DEST;
  const setMaximum = c.int(3) !== 0;
  return yield* machVmProtect(
    map,
    rawU64(c.u64(1)),
    rawU64(c.u64(2)),
    setMaximum,
    rawProt(c.int(4)),
  );
}

/** The state word goes in and out. XNU: _kernelrpc_mach_vm_purgable_control_trap. */
function* purgableControl(c: DarwinCall): Blocking<MachReturn> {
  const map = currentMap(c, 0);
  if (map === null) return MACH_SEND_INVALID_DEST;
  const word = yield* c.copyIn(c.u64(3), 4);
  if (!word.ok) return BAD_POINTER;
  const state = new DataView(word.value.buffer, word.value.byteOffset).getInt32(0, true);
  const result = machVmPurgableControl(map, rawU64(c.u64(1)), c.int(2), state);
  if (result.kr !== KERN_SUCCESS) return result.kr;
  return (yield* c.copyOutInts(c.u64(3), [result.state])) === null ? KERN_SUCCESS : BAD_POINTER;
}

/** Anonymous memory only: the maximum is everything, the inheritance the default. */
function* map(c: DarwinCall): Blocking<MachReturn> {
  const target = currentMap(c, 0);
  if (target === null) return MACH_SEND_INVALID_DEST;
  return yield* withAddress(c, (address) =>
    machVmMap(target, {
      address: rawU64(address),
      size: rawU64(c.u64(2)),
      mask: rawU64(c.u64(3)),
      flags: c.uint(4),
      entry: null,
      offset: rawU64(0),
      copy: false,
      cur: rawProt(c.int(5)),
      max: rawProt(VM_PROT_ALL),
      inheritance: rawInherit(VM_INHERIT_DEFAULT),
    }),
  );
}

/** The VM calls that need no message. XNU: ipc/mach_kernelrpc.c. */
export const MACH_VM_ROWS: readonly MachRow[] = [
  trap(10, "mach_vm_allocate", "target:port addr:pointer size:size flags:hex", allocate),
  trap(
    11,
    "mach_vm_purgable_control",
    "target:port addr:pointer control:int state:pointer",
    purgableControl,
  ),
  trap(12, "mach_vm_deallocate", "target:port addr:pointer size:size", deallocate),
  trap(
    14,
    "mach_vm_protect",
    "target:port addr:pointer size:size set_maximum:int prot:prot",
    protect,
  ),
  trap(
    15,
    "mach_vm_map",
    "target:port addr:pointer size:size mask:hex flags:hex cur_protection:prot",
    map,
  ),
];
