import { alignUp } from "../../../vm/address.js";
import type { Blocking } from "../../../vm/blocking.js";
import { vmMapRemove } from "../../../vm/map/delete.js";
import { vmMapEnter } from "../../../vm/map/enter.js";
import { vmkFlagsFixed } from "../../../vm/map/flags.js";
import { vmMapProtect } from "../../../vm/map/protect.js";
import {
  KERN_INVALID_ADDRESS,
  KERN_SUCCESS,
  MACH_VM_MAX_ADDRESS,
  VM_MEMORY_SBRK,
  VM_PROT_ALL,
  VM_PROT_DEFAULT,
  type VmOffset,
} from "../../../vm/types.js";
import { MS_ASYNC, MS_INVALIDATE, MS_SYNC } from "./abi.js";
import { call, type LinuxCall, type LinuxResult, type LinuxRow } from "./call.js";
import { madvise } from "./madvise.js";
import { isMapped, mappingErrno, pageRange, vmProtection } from "./memory-range.js";
import { mmap } from "./mmap.js";
import { mremap } from "./mremap.js";
import { mincore } from "./mincore.js";
import { mlock, mlockall, munlock, munlockall } from "./mlock.js";

/** The only flag of mlock2: locked as they are touched, which is no later than now. */
const MLOCK_ONFAULT = 1;

/** Move the end of the heap. @returns the new end, or the old one if it cannot move there */
function* brk(c: LinuxCall): Blocking<LinuxResult> {
  const { state } = c;
  const { map } = c.task;
  const wanted = c.u64(0);
  if (wanted < BigInt(state.brkStart) || wanted > BigInt(MACH_VM_MAX_ADDRESS)) return state.brkEnd;
  const end = Number(wanted);
  if (end - state.brkStart > c.task.limits.data) return state.brkEnd;
  const from = alignUp(state.brkEnd, c.pageSize) as VmOffset;
  const to = alignUp(end, c.pageSize) as VmOffset;
  if (to < from) {
    const kr = yield* vmMapRemove(map, to, from);
    if (kr !== KERN_SUCCESS) return state.brkEnd;
  } else if (to > from) {
    const grown = yield* vmMapEnter(map, {
      address: from,
      size: to - from,
      flags: vmkFlagsFixed({ tag: VM_MEMORY_SBRK }),
      cur: VM_PROT_DEFAULT,
      max: VM_PROT_ALL,
    });
    if (grown.kr !== KERN_SUCCESS) return state.brkEnd;
  }
  state.brkEnd = end;
  return end;
}

function* munmap(c: LinuxCall): Blocking<LinuxResult> {
  const range = pageRange(c.task.map, c.u64(0), c.u64(1));
  if (range === null || range.start === range.end) return "EINVAL";
  const kr = yield* vmMapRemove(c.task.map, range.start, range.end);
  return kr === KERN_SUCCESS ? 0 : mappingErrno(kr);
}

/** Differs from Linux: a range with a hole is refused before anything changes. */
function* mprotect(c: LinuxCall): Blocking<LinuxResult> {
  const prot = vmProtection(c.uint(2));
  if (prot === null || c.u64(0) % BigInt(c.pageSize) !== 0n) return "EINVAL";
  const range = pageRange(c.task.map, c.u64(0), c.u64(1));
  if (range === null) return "ENOMEM";
  if (range.start === range.end) return 0;
  const kr = yield* vmMapProtect(c.task.map, range.start, range.end, prot, false);
  if (kr === KERN_INVALID_ADDRESS) return "ENOMEM";
  return kr === KERN_SUCCESS ? 0 : mappingErrno(kr);
}

/** No file can be written, so no page has anything to write back. */
function msync(c: LinuxCall): LinuxResult {
  const flags = c.uint(2);
  if ((flags & ~(MS_ASYNC | MS_INVALIDATE | MS_SYNC)) !== 0) return "EINVAL";
  if ((flags & MS_ASYNC) !== 0 && (flags & MS_SYNC) !== 0) return "EINVAL";
  if (c.u64(0) % BigInt(c.pageSize) !== 0n) return "EINVAL";
  const range = pageRange(c.task.map, c.u64(0), c.u64(1));
  if (range === null) return "ENOMEM";
  return range.start === range.end || isMapped(c.task.map, range) ? 0 : "ENOMEM";
}

/** Calls that change or describe the address space. */
export const MEMORY_ROWS: readonly LinuxRow[] = [
  call(213, "readahead", "fd:fd offset:offset count:size", (c) => (c.file(0) ? 0 : "EBADF")),
  call(214, "brk", "brk:pointer", brk),
  call(215, "munmap", "addr:pointer length:size", munmap),
  call(216, "mremap", "addr:pointer old:size new:size flags:hex newaddr:pointer", mremap),
  call(222, "mmap", "addr:pointer length:size prot:prot flags:hex fd:fd offset:offset", mmap),
  call(223, "fadvise64", "fd:fd offset:offset length:size advice:int", (c) =>
    c.file(0) ? 0 : "EBADF",
  ),
  call(226, "mprotect", "addr:pointer length:size prot:prot", mprotect),
  call(227, "msync", "addr:pointer length:size flags:hex", msync),
  call(228, "mlock", "addr:pointer length:size", mlock),
  call(229, "munlock", "addr:pointer length:size", munlock),
  call(230, "mlockall", "flags:hex", mlockall),
  call(231, "munlockall", "", munlockall),
  call(232, "mincore", "addr:pointer length:size vec:pointer", mincore),
  call(233, "madvise", "addr:pointer length:size advice:int", madvise),
  call(284, "mlock2", "addr:pointer length:size flags:hex", (c) =>
    (c.uint(2) & ~MLOCK_ONFAULT) === 0 ? mlock(c) : "EINVAL",
  ),
];
