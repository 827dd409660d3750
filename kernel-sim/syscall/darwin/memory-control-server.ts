import type { Blocking } from "../../../vm/blocking.js";
import { copyinMap } from "../../../vm/copyio.js";
import { machVmDeallocate, rawU64 } from "../../../vm/mach-vm.js";
import { vmMapCopyDiscard, type VmMapCopy } from "../../../vm/map/copy.js";
import { vmMapCopyout } from "../../../vm/map/copyout.js";
import type { VmMap } from "../../../vm/map/map.js";
import { memoryObjectChangeAttributes, type VmObject } from "../../../vm/object/index.js";
import {
  KERN_INVALID_ADDRESS,
  KERN_INVALID_ARGUMENT,
  KERN_SUCCESS,
  MACH_VM_MAX_ADDRESS,
  PAGE_SIZE,
  type KernReturn,
} from "../../../vm/types.js";
import {
  MEMORY_OBJECT_CHANGE_ATTRIBUTES,
  MEMORY_OBJECT_DATA_ERROR,
  MEMORY_OBJECT_DATA_SUPPLY,
  MEMORY_OBJECT_DATA_UNAVAILABLE,
} from "./memory-object.js";
import type { Request, Routine, Routines, Target } from "./mig.js";
import type { TaskPager } from "./task-pager.js";

/** The most a pager supplies at once. XNU: MAX_UPL_TRANSFER_BYTES. */
const MAX_SUPPLY_BYTES = 2 ** 20;

interface Served {
  readonly pager: TaskPager;
  readonly object: VmObject;
  /** The sender's. */
  readonly map: VmMap;
}

/** A routine for a pager whose object still lives; KERN_INVALID_ARGUMENT for others. */
function routine(
  bytes: number,
  run: (on: Served, r: Request) => KernReturn | Blocking<KernReturn>,
  carries?: Routine["carries"],
): Routine {
  return {
    bytes,
    ...(carries === undefined ? {} : { carries }),
    *run({ pager, current }: Target, r) {
      const object = pager?.object ?? null;
      if (pager === null || object === null) return [KERN_INVALID_ARGUMENT];
      const outcome = run({ pager, object, map: current }, r);
      return [typeof outcome === "number" ? outcome : yield* outcome];
    },
  };
}

/** A page-aligned offset within the object; null if it is none. */
function offsetIn(r: Request, at: number): number | null {
  const offset = r.number(at);
  return offset % PAGE_SIZE === 0 && offset < MACH_VM_MAX_ADDRESS ? offset : null;
}

function settle({ pager }: Served, r: Request, answer: "zero" | "error"): KernReturn {
  const offset = offsetIn(r, 32);
  if (offset === null) return KERN_INVALID_ARGUMENT;
  pager.settle(offset, r.number(40), answer);
  return KERN_SUCCESS;
}

function* supply({ pager, map }: Served, r: Request): Blocking<KernReturn> {
  const offset = offsetIn(r, 52);
  const { copy, size } = r.takeMemory();
  if (offset === null || size > MAX_SUPPLY_BYTES || size !== r.u32(60)) {
    yield* vmMapCopyDiscard(copy);
    return KERN_INVALID_ARGUMENT;
  }
  const bytes = yield* bytesOf(map, copy);
  if (bytes === null) return KERN_INVALID_ADDRESS;
  pager.supply(offset, bytes);
  return KERN_SUCCESS;
}

/** Read and consume a copy; more than a buffer holds is mapped into the sender for as long. */
function* bytesOf(map: VmMap, copy: VmMapCopy | null): Blocking<Uint8Array | null> {
  if (copy === null) return new Uint8Array(0);
  if (copy.type === "kernelBuffer") return copy.data;
  const bytes = new Uint8Array(copy.size);
  const mapped = yield* vmMapCopyout(map, copy);
  if (mapped.kr !== KERN_SUCCESS) {
    yield* vmMapCopyDiscard(copy);
    return null;
  }
  const kr = yield* copyinMap(map, mapped.address, bytes);
  const size = rawU64(BigInt(bytes.length));
  yield* machVmDeallocate(map, rawU64(BigInt(mapped.address)), size);
  return kr === KERN_SUCCESS ? bytes : null;
}

/** What a pager says to its control port. XNU: memory_object_control_server. */
export const MEMORY_CONTROL_ROUTINES: Routines = {
  /** 32 may be cached (it never is here), 36 copy strategy. */
  [MEMORY_OBJECT_CHANGE_ATTRIBUTES]: routine(40, ({ object }, r) =>
    memoryObjectChangeAttributes(object, r.u32(36)),
  ),
  /** 28 memory, 52 offset8, 60 size. What is missing of the last page is zero. */
  [MEMORY_OBJECT_DATA_SUPPLY]: routine(64, supply, "memory"),
  /** 32 offset8, 40 size8. */
  [MEMORY_OBJECT_DATA_UNAVAILABLE]: routine(48, (on, r) => settle(on, r, "zero")),
  /** 32 offset8, 40 size8, 48 reason (nobody is told). */
  [MEMORY_OBJECT_DATA_ERROR]: routine(52, (on, r) => settle(on, r, "error")),
};
