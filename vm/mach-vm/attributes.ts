import type { Blocking } from "../blocking.js";
import { vmMapBehaviorSet } from "../map/behavior.js";
import { vmMapInherit } from "../map/inherit.js";
import { vmMapMachineAttribute } from "../map/machine-attribute.js";
import type { VmMap } from "../map/map.js";
import { vmMapMsync } from "../map/msync.js";
import { vmMapProtect } from "../map/protect.js";
import { vmMapPurgableControl } from "../map/purgable.js";
import { VM_PURGABLE_SET_STATE_FROM_KERNEL, type PurgableResult } from "../object/purgeable.js";
import {
  isZeroSize,
  KERNEL_PAGES,
  overflowIsBadAddress,
  overflowOfProtect,
  sanitizeAddress,
  sanitizeBehavior,
  sanitizeInherit,
  sanitizeProt,
  sanitizeRange,
  type RangeOverflow,
} from "../sanitize.js";
import {
  KERN_INVALID_ADDRESS,
  KERN_INVALID_ARGUMENT,
  KERN_INVALID_TASK,
  KERN_NO_SPACE,
  KERN_SUCCESS,
  VM_BEHAVIOR_CAN_REUSE,
  VM_BEHAVIOR_REUSABLE,
  VM_BEHAVIOR_REUSE,
  VM_BEHAVIOR_ZERO,
  VM_PROT_COPY,
  VM_SYNC_ASYNCHRONOUS,
  VM_SYNC_SYNCHRONOUS,
  type KernError,
  type KernReturn,
  type RawBehavior,
  type RawInherit,
  type RawProt,
  type RawU64,
  type VmBehavior,
} from "../types.js";

/**
 * Set the protection of every page the range touches, or cut down its maximum.
 * XNU: mach_vm_protect. Zero bytes succeed whatever `prot` is.
 * @param prot READ, WRITE, EXECUTE; with VM_PROT_COPY on a private copy of the range
 * @returns as vmMapProtect; KERN_INVALID_ARGUMENT for other bits or a range that wraps
 */
export function* machVmProtect(
  map: VmMap | null,
  address: RawU64,
  size: RawU64,
  setMaximum: boolean,
  prot: RawProt,
): Blocking<KernReturn> {
  if (map === null) return KERN_INVALID_ARGUMENT;
  if (isZeroSize(size)) return KERN_SUCCESS;
  const sane = sanitizeProt(prot, VM_PROT_COPY);
  if (!sane.proceed) return sane.kr;
  const range = sanitizeRange(map, address, size, {
    zeroSize: "succeeds",
    onOverflow: overflowOfProtect,
  });
  if (!range.proceed) return range.kr;
  return yield* vmMapProtect(map, range.start, range.end, sane.prot, setMaximum);
}

/**
 * Set what a fork does with the range: share, copy or leave out. XNU: mach_vm_inherit. Holes and
 * what lies outside the map are ignored.
 */
export function machVmInherit(
  map: VmMap | null,
  address: RawU64,
  size: RawU64,
  inheritance: RawInherit,
): KernReturn {
  if (map === null) return KERN_INVALID_ARGUMENT;
  if (isZeroSize(size)) return KERN_SUCCESS;
  const sane = sanitizeInherit(inheritance);
  if (!sane.proceed) return sane.kr;
  const range = sanitizeRange(map, address, size, { zeroSize: "succeeds" });
  return range.proceed ? vmMapInherit(map, range.start, range.end, sane.inheritance) : range.kr;
}

/** Actions on whole pages of the machine, whatever the map's page size. */
const ON_KERNEL_PAGES: ReadonlySet<VmBehavior> = new Set([
  VM_BEHAVIOR_REUSABLE,
  VM_BEHAVIOR_REUSE,
  VM_BEHAVIOR_CAN_REUSE,
  VM_BEHAVIOR_ZERO,
]);

/** Say how the range will be used. XNU: mach_vm_behavior_set. @returns as vmMapBehaviorSet */
export function* machVmBehaviorSet(
  map: VmMap | null,
  address: RawU64,
  size: RawU64,
  rawBehavior: RawBehavior,
): Blocking<KernReturn> {
  if (map === null) return KERN_INVALID_ARGUMENT;
  const sane = sanitizeBehavior(rawBehavior);
  if (!sane.proceed) return sane.kr;
  const { behavior } = sane;
  const { minOffset } = map;
  const pages = ON_KERNEL_PAGES.has(behavior) ? KERNEL_PAGES : map;
  const range = sanitizeRange({ pageShift: pages.pageShift, minOffset }, address, size, {
    zeroSize: "succeeds",
    onOverflow: (overflow) => overflowOfBehavior(map, overflow),
  });
  if (!range.proceed) return range.kr;
  return yield* vmMapBehaviorSet(map, range.start, range.end, behavior);
}

function overflowOfBehavior(map: VmMap, { kind, address, pageShift }: RangeOverflow): KernError {
  if (kind === "sum") return KERN_INVALID_ARGUMENT;
  const fromPageZero = address < 1n << BigInt(pageShift);
  return fromPageZero && map.minOffset <= 0 ? KERN_INVALID_ADDRESS : KERN_NO_SPACE;
}

/**
 * Write changed pages of files back, drop pages, or let them go soon. XNU: mach_vm_msync.
 * @param flags VM_SYNC_*
 * @returns KERN_INVALID_TASK without a map; as vmMapMsync; KERN_INVALID_ARGUMENT for both sync flags
 */
export function* machVmMsync(
  map: VmMap | null,
  address: RawU64,
  size: RawU64,
  flags: number,
): Blocking<KernReturn> {
  if (map === null) return KERN_INVALID_TASK;
  if (isZeroSize(size)) return KERN_SUCCESS;
  const both = VM_SYNC_ASYNCHRONOUS | VM_SYNC_SYNCHRONOUS;
  if ((flags & both) === both) return KERN_INVALID_ARGUMENT;
  const range = sanitizeRange(map, address, size, {
    zeroSize: "succeeds",
    onOverflow: overflowIsBadAddress,
  });
  if (!range.proceed) return range.kr;
  return yield* vmMapMsync(map, range.start, range.end, flags);
}

/**
 * Have the caches agree with the range's memory. XNU: mach_vm_machine_attribute.
 * @returns as vmMapMachineAttribute; KERN_INVALID_ADDRESS for a range that rounding makes wrap
 */
export function machVmMachineAttribute(
  map: VmMap | null,
  address: RawU64,
  size: RawU64,
  attribute: number,
): KernReturn {
  if (map === null) return KERN_INVALID_ARGUMENT;
  const range = sanitizeRange(map, address, size, {
    zeroSize: "succeeds",
    onOverflow: ({ kind }) => (kind === "sum" ? KERN_INVALID_ARGUMENT : KERN_INVALID_ADDRESS),
  });
  if (!range.proceed) return range.kr;
  return vmMapMachineAttribute(map, range.start, range.end, attribute);
}

/**
 * Ask whether the contents of purgeable memory may be dropped, or say so. XNU:
 * mach_vm_purgable_control.
 * @returns as vmMapPurgableControl; KERN_INVALID_ARGUMENT for the kernel's own control
 */
export function machVmPurgableControl(
  map: VmMap | null,
  address: RawU64,
  control: number,
  state: number,
): PurgableResult {
  if (map === null || control === VM_PURGABLE_SET_STATE_FROM_KERNEL) {
    return { kr: KERN_INVALID_ARGUMENT };
  }
  return vmMapPurgableControl(map, sanitizeAddress(map, address), control, state);
}
