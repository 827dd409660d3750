import type { Blocking } from "../../../vm/blocking.js";
import { machVmBehaviorSet } from "../../../vm/mach-vm/attributes.js";
import { vmMapRemove } from "../../../vm/map/delete.js";
import { vmMapInherit } from "../../../vm/map/inherit.js";
import { vmMapMsync } from "../../../vm/map/msync.js";
import { vmMapProtect } from "../../../vm/map/protect.js";
import { vmMapUnwireNested } from "../../../vm/map/unwire.js";
import { vmMapWireNested } from "../../../vm/map/wire.js";
import {
  overflowIsBadAddress,
  rawBehavior,
  rawInherit,
  rawU64,
  sanitizeInherit,
  sanitizeRange,
} from "../../../vm/sanitize.js";
import {
  KERN_INVALID_ADDRESS,
  KERN_INVALID_ARGUMENT,
  KERN_NO_ACCESS,
  KERN_NO_SPACE,
  KERN_PROTECTION_FAILURE,
  KERN_RESOURCE_SHORTAGE,
  KERN_SUCCESS,
  VM_BEHAVIOR_CAN_REUSE,
  VM_BEHAVIOR_DEFAULT,
  VM_BEHAVIOR_DONTNEED,
  VM_BEHAVIOR_FREE,
  VM_BEHAVIOR_RANDOM,
  VM_BEHAVIOR_REUSABLE,
  VM_BEHAVIOR_REUSE,
  VM_BEHAVIOR_SEQUENTIAL,
  VM_BEHAVIOR_WILLNEED,
  VM_BEHAVIOR_ZERO,
  VM_BEHAVIOR_ZERO_WIRED_PAGES,
  VM_PROT_ALL,
  VM_PROT_NONE,
  VM_PROT_TRUSTED,
  VM_SYNC_ASYNCHRONOUS,
  VM_SYNC_CONTIGUOUS,
  VM_SYNC_DEACTIVATE,
  VM_SYNC_INVALIDATE,
  VM_SYNC_KILLPAGES,
  VM_SYNC_SYNCHRONOUS,
  type KernReturn,
  type VmBehavior,
} from "../../../vm/types.js";
import type { ErrnoName } from "../errno.js";
import {
  MADV_CAN_REUSE,
  MADV_DONTNEED,
  MADV_FREE,
  MADV_FREE_REUSABLE,
  MADV_FREE_REUSE,
  MADV_NORMAL,
  MADV_PAGEOUT,
  MADV_RANDOM,
  MADV_SEQUENTIAL,
  MADV_WILLNEED,
  MADV_ZERO,
  MADV_ZERO_WIRED_PAGES,
  MS_ASYNC,
  MS_DEACTIVATE,
  MS_INVALIDATE,
  MS_KILLPAGES,
  MS_SYNC,
} from "./abi.js";
import { bsd, type BsdResult, type BsdRow, type DarwinCall } from "./call.js";
import { protArgument, rangeArgument, withImpliedRead } from "./memory-range.js";
import { mincore } from "./mincore.js";
import { mmap } from "./mmap.js";

function* munmap(c: DarwinCall): Blocking<BsdResult> {
  const range = rangeArgument(c, { zeroSize: "fails", checkAlignedStart: true });
  if (!range.proceed) return "EINVAL";
  const kr = yield* vmMapRemove(c.task.map, range.start, range.end, undefined, true);
  return kr === KERN_SUCCESS ? 0 : "EINVAL";
}

/** XNU: kern_mman.c mprotect. Trusted code is a matter of code signing, which is not done here. */
function* mprotect(c: DarwinCall): Blocking<BsdResult> {
  const range = rangeArgument(c, { zeroSize: "succeeds", checkAlignedStart: true });
  if (!range.proceed) return range.kr === KERN_SUCCESS ? 0 : "EINVAL";
  const prot = withImpliedRead(protArgument(c, 2));
  if ((prot & VM_PROT_TRUSTED) !== 0) return "ENOTSUP";
  const kr = yield* vmMapProtect(c.task.map, range.start, range.end, prot & VM_PROT_ALL, false);
  switch (kr) {
    case KERN_SUCCESS:
      return 0;
    case KERN_PROTECTION_FAILURE:
      return "EACCES";
    case KERN_INVALID_ADDRESS:
      return "ENOMEM";
    default:
      return "EINVAL";
  }
}

/** XNU: kern_mman.c msync_nocancel: contiguous unless pages are killed or made inactive. */
function* msync(c: DarwinCall): Blocking<BsdResult> {
  const flags = c.int(2);
  const has = (bit: number): boolean => (flags & bit) !== 0;
  const range = rangeArgument(c, {
    zeroSize: "fails",
    checkAlignedStart: true,
    onOverflow: overflowIsBadAddress,
  });
  if (!range.proceed) return "EINVAL";
  if (has(MS_SYNC) && has(MS_ASYNC)) return "EINVAL";
  let sync = 0;
  if (has(MS_KILLPAGES)) sync |= VM_SYNC_KILLPAGES;
  if (has(MS_DEACTIVATE)) sync |= VM_SYNC_DEACTIVATE;
  if (has(MS_INVALIDATE)) sync |= VM_SYNC_INVALIDATE;
  if (!has(MS_KILLPAGES | MS_DEACTIVATE)) {
    sync |= has(MS_ASYNC) ? VM_SYNC_ASYNCHRONOUS : VM_SYNC_SYNCHRONOUS;
  }
  sync |= VM_SYNC_CONTIGUOUS;
  const kr = yield* vmMapMsync(c.task.map, range.start, range.end, sync);
  switch (kr) {
    case KERN_SUCCESS:
      return 0;
    case KERN_INVALID_ADDRESS:
      return "ENOMEM";
    default:
      return "EIO";
  }
}

const BEHAVIORS: Readonly<Record<number, VmBehavior>> = {
  [MADV_NORMAL]: VM_BEHAVIOR_DEFAULT,
  [MADV_RANDOM]: VM_BEHAVIOR_RANDOM,
  [MADV_SEQUENTIAL]: VM_BEHAVIOR_SEQUENTIAL,
  [MADV_WILLNEED]: VM_BEHAVIOR_WILLNEED,
  [MADV_DONTNEED]: VM_BEHAVIOR_DONTNEED,
  [MADV_FREE]: VM_BEHAVIOR_FREE,
  [MADV_ZERO_WIRED_PAGES]: VM_BEHAVIOR_ZERO_WIRED_PAGES,
  [MADV_FREE_REUSABLE]: VM_BEHAVIOR_REUSABLE,
  [MADV_FREE_REUSE]: VM_BEHAVIOR_REUSE,
  [MADV_CAN_REUSE]: VM_BEHAVIOR_CAN_REUSE,
  [MADV_ZERO]: VM_BEHAVIOR_ZERO,
};

/** XNU: kern_mman.c madvise. */
function* madvise(c: DarwinCall): Blocking<BsdResult> {
  const advice = c.int(2);
  if (advice === MADV_PAGEOUT) return "ENOTSUP";
  const behavior = BEHAVIORS[advice];
  if (behavior === undefined) return "EINVAL";
  const frees = advice === MADV_FREE || advice === MADV_FREE_REUSABLE;
  if (frees && c.u64(0) === 0n) return "EINVAL";
  const { map } = c.task;
  const kr = yield* machVmBehaviorSet(
    map,
    rawU64(c.u64(0)),
    rawU64(c.u64(1)),
    rawBehavior(behavior),
  );
  return ADVICE_ERRORS[kr] ?? "EINVAL";
}

const ADVICE_ERRORS: Readonly<Partial<Record<KernReturn, 0 | ErrnoName>>> = {
  [KERN_SUCCESS]: 0,
  [KERN_INVALID_ADDRESS]: "EINVAL",
  [KERN_NO_SPACE]: "ENOMEM",
  [KERN_PROTECTION_FAILURE]: "EPERM",
  [KERN_NO_ACCESS]: "ENOTSUP",
};

function minherit(c: DarwinCall): BsdResult {
  const sane = sanitizeInherit(rawInherit(c.int(2)));
  if (!sane.proceed) return "EINVAL";
  const range = rangeArgument(c, { zeroSize: "fallthrough" });
  if (!range.proceed) return "EINVAL";
  const kr = vmMapInherit(c.task.map, range.start, range.end, sane.inheritance);
  switch (kr) {
    case KERN_SUCCESS:
      return 0;
    case KERN_PROTECTION_FAILURE:
      return "EACCES";
    default:
      return "EINVAL";
  }
}

/** Wires with whatever access each entry gives. XNU: kern_mman.c mlock. */
function* mlock(c: DarwinCall): Blocking<BsdResult> {
  const { map } = c.task;
  const range = sanitizeRange(map, rawU64(c.u64(0)), rawU64(c.u64(1)), { zeroSize: "succeeds" });
  if (!range.proceed) return range.kr === KERN_SUCCESS ? 0 : "EINVAL";
  const kr = yield* vmMapWireNested(map, range.start, range.end, VM_PROT_NONE, true);
  switch (kr) {
    case KERN_SUCCESS:
      return 0;
    case KERN_INVALID_ARGUMENT:
      return "EINVAL";
    case KERN_RESOURCE_SHORTAGE:
      return "EAGAIN";
    case KERN_PROTECTION_FAILURE:
      return "EPERM";
    default:
      return "ENOMEM";
  }
}

/** Undoes one mlock. XNU: kern_mman.c munlock. */
function* munlock(c: DarwinCall): Blocking<BsdResult> {
  const range = rangeArgument(c, { zeroSize: "succeeds" });
  if (!range.proceed) return range.kr === KERN_SUCCESS ? 0 : "EINVAL";
  const kr = yield* vmMapUnwireNested(c.task.map, range.start, range.end, true);
  if (kr === KERN_SUCCESS) return 0;
  return kr === KERN_INVALID_ARGUMENT ? "EINVAL" : "ENOMEM";
}

/** Calls on the address space. XNU: bsd/kern/kern_mman.c. */
export const MEMORY_ROWS: readonly BsdRow[] = [
  bsd(65, "msync", "addr:pointer len:size flags:hex", msync, { nocancel: 405 }),
  bsd(73, "munmap", "addr:pointer len:size", munmap),
  bsd(74, "mprotect", "addr:pointer len:size prot:prot", mprotect),
  bsd(75, "madvise", "addr:pointer len:size advice:int", madvise),
  bsd(78, "mincore", "addr:pointer len:size vec:pointer", mincore),
  bsd(197, "mmap", "addr:pointer len:size prot:prot flags:hex fd:fd pos:offset", mmap, {
    returns: "u64",
  }),
  bsd(203, "mlock", "addr:pointer len:size", mlock),
  bsd(204, "munlock", "addr:pointer len:size", munlock),
  bsd(250, "minherit", "addr:pointer len:size inherit:int", minherit),
  // In the table, and refused there without a signal.
  bsd(324, "mlockall", "how:int", () => "ENOSYS"),
  bsd(325, "munlockall", "how:int", () => "ENOSYS"),
];
