/**
 * The vocabulary of the VM: addresses, return codes, protections and the other constants of the
 * Mach interface, each in its C spelling. One source for every one of these facts.
 */

declare const kind: unique symbol;

/** Virtual address in bytes, sign-extended, so 0xffff_fe00_0000_0000 is -(2 ** 41). */
export type VmOffset = number & { readonly [kind]: "VmOffset" };

/** Number of a physical page: physical address / PAGE_SIZE. */
export type Ppn = number & { readonly [kind]: "Ppn" };

/**
 * A raw argument as a guest gave it (the header's `_ut` types). Nothing can be done with one but to
 * hand it on: only the functions of `sanitize.ts` make an address, a size or a set of rights of it.
 */
interface Raw<Kind extends string> {
  readonly [kind]: Kind;
}

/** A raw 64-bit register: vm_map_address_ut, vm_map_offset_ut, vm_map_size_ut. */
export type RawU64 = Raw<"RawU64">;
/** A raw vm_prot_ut, vm_inherit_ut and vm_behavior_ut: 32 bits. */
export type RawProt = Raw<"RawProt">;
export type RawInherit = Raw<"RawInherit">;
export type RawBehavior = Raw<"RawBehavior">;

export const PAGE_SHIFT = 14;
export const PAGE_SIZE = 1 << PAGE_SHIFT;
export const PAGE_MASK = PAGE_SIZE - 1;

/** Kernel return codes (mach/kern_return.h). */
export const KERN_SUCCESS = 0;
export const KERN_INVALID_ADDRESS = 1;
export const KERN_PROTECTION_FAILURE = 2;
export const KERN_NO_SPACE = 3;
export const KERN_INVALID_ARGUMENT = 4;
export const KERN_FAILURE = 5;
export const KERN_RESOURCE_SHORTAGE = 6;
export const KERN_NOT_RECEIVER = 7;
export const KERN_NO_ACCESS = 8;
export const KERN_MEMORY_FAILURE = 9;
export const KERN_MEMORY_ERROR = 10;
export const KERN_ALREADY_IN_SET = 11;
export const KERN_NOT_IN_SET = 12;
export const KERN_NAME_EXISTS = 13;
export const KERN_ABORTED = 14;
export const KERN_INVALID_NAME = 15;
export const KERN_INVALID_TASK = 16;
export const KERN_INVALID_RIGHT = 17;
export const KERN_INVALID_VALUE = 18;
export const KERN_UREFS_OVERFLOW = 19;
export const KERN_INVALID_CAPABILITY = 20;
export const KERN_RIGHT_EXISTS = 21;
export const KERN_INVALID_HOST = 22;
export const KERN_MEMORY_PRESENT = 23;
export const KERN_MEMORY_RESTART_COPY = 25;
export const KERN_INVALID_OBJECT = 29;
export const KERN_ALREADY_WAITING = 30;
export const KERN_TERMINATED = 37;
export const KERN_NOT_SUPPORTED = 46;
export const KERN_NOT_WAITING = 48;
export const KERN_OPERATION_TIMED_OUT = 49;
export const KERN_CODESIGN_ERROR = 50;
export const MACH_SEND_INTERRUPTED = 0x1000_0007;
export const MACH_SEND_INVALID_DEST = 0x1000_0003;

/** What a refused request returns: any code above but success. */
export type KernError =
  | typeof KERN_INVALID_ADDRESS
  | typeof KERN_PROTECTION_FAILURE
  | typeof KERN_NO_SPACE
  | typeof KERN_INVALID_ARGUMENT
  | typeof KERN_FAILURE
  | typeof KERN_RESOURCE_SHORTAGE
  | typeof KERN_NOT_RECEIVER
  | typeof KERN_NO_ACCESS
  | typeof KERN_MEMORY_FAILURE
  | typeof KERN_MEMORY_ERROR
  | typeof KERN_ALREADY_IN_SET
  | typeof KERN_NOT_IN_SET
  | typeof KERN_NAME_EXISTS
  | typeof KERN_ABORTED
  | typeof KERN_INVALID_NAME
  | typeof KERN_INVALID_TASK
  | typeof KERN_INVALID_RIGHT
  | typeof KERN_INVALID_VALUE
  | typeof KERN_UREFS_OVERFLOW
  | typeof KERN_INVALID_CAPABILITY
  | typeof KERN_RIGHT_EXISTS
  | typeof KERN_INVALID_HOST
  | typeof KERN_MEMORY_PRESENT
  | typeof KERN_MEMORY_RESTART_COPY
  | typeof KERN_INVALID_OBJECT
  | typeof KERN_ALREADY_WAITING
  | typeof KERN_TERMINATED
  | typeof KERN_NOT_SUPPORTED
  | typeof KERN_NOT_WAITING
  | typeof KERN_OPERATION_TIMED_OUT
  | typeof KERN_CODESIGN_ERROR
  | typeof MACH_SEND_INTERRUPTED
  | typeof MACH_SEND_INVALID_DEST;

/** A kernel return code: one of the KERN_* or MACH_* constants above. */
export type KernReturn = typeof KERN_SUCCESS | KernError;

/** A result that carries values only on success (C out-parameters). */
export type KernResult<T extends object> =
  ({ readonly kr: typeof KERN_SUCCESS } & T) | { readonly kr: KernError };

const KERN_NAMES: readonly (readonly [KernReturn, string])[] = [
  [KERN_SUCCESS, "KERN_SUCCESS"],
  [KERN_INVALID_ADDRESS, "KERN_INVALID_ADDRESS"],
  [KERN_PROTECTION_FAILURE, "KERN_PROTECTION_FAILURE"],
  [KERN_NO_SPACE, "KERN_NO_SPACE"],
  [KERN_INVALID_ARGUMENT, "KERN_INVALID_ARGUMENT"],
  [KERN_FAILURE, "KERN_FAILURE"],
  [KERN_RESOURCE_SHORTAGE, "KERN_RESOURCE_SHORTAGE"],
  [KERN_NOT_RECEIVER, "KERN_NOT_RECEIVER"],
  [KERN_NO_ACCESS, "KERN_NO_ACCESS"],
  [KERN_MEMORY_FAILURE, "KERN_MEMORY_FAILURE"],
  [KERN_MEMORY_ERROR, "KERN_MEMORY_ERROR"],
  [KERN_ALREADY_IN_SET, "KERN_ALREADY_IN_SET"],
  [KERN_NOT_IN_SET, "KERN_NOT_IN_SET"],
  [KERN_NAME_EXISTS, "KERN_NAME_EXISTS"],
  [KERN_ABORTED, "KERN_ABORTED"],
  [KERN_INVALID_NAME, "KERN_INVALID_NAME"],
  [KERN_INVALID_TASK, "KERN_INVALID_TASK"],
  [KERN_INVALID_RIGHT, "KERN_INVALID_RIGHT"],
  [KERN_INVALID_VALUE, "KERN_INVALID_VALUE"],
  [KERN_UREFS_OVERFLOW, "KERN_UREFS_OVERFLOW"],
  [KERN_INVALID_CAPABILITY, "KERN_INVALID_CAPABILITY"],
  [KERN_RIGHT_EXISTS, "KERN_RIGHT_EXISTS"],
  [KERN_INVALID_HOST, "KERN_INVALID_HOST"],
  [KERN_MEMORY_PRESENT, "KERN_MEMORY_PRESENT"],
  [KERN_MEMORY_RESTART_COPY, "KERN_MEMORY_RESTART_COPY"],
  [KERN_INVALID_OBJECT, "KERN_INVALID_OBJECT"],
  [KERN_ALREADY_WAITING, "KERN_ALREADY_WAITING"],
  [KERN_TERMINATED, "KERN_TERMINATED"],
  [KERN_NOT_SUPPORTED, "KERN_NOT_SUPPORTED"],
  [KERN_NOT_WAITING, "KERN_NOT_WAITING"],
  [KERN_OPERATION_TIMED_OUT, "KERN_OPERATION_TIMED_OUT"],
  [KERN_CODESIGN_ERROR, "KERN_CODESIGN_ERROR"],
  [MACH_SEND_INTERRUPTED, "MACH_SEND_INTERRUPTED"],
  [MACH_SEND_INVALID_DEST, "MACH_SEND_INVALID_DEST"],
];

/** The C name of a return code, or its number if it has none here. */
export function kernReturnName(kr: KernReturn): string {
  return KERN_NAMES.find(([code]) => code === kr)?.[1] ?? String(kr);
}

/** Protections (mach/vm_prot.h): a set of bits. */
export type VmProt = number;
export const VM_PROT_NONE = 0;
export const VM_PROT_READ = 1;
export const VM_PROT_WRITE = 2;
export const VM_PROT_EXECUTE = 4;
export const VM_PROT_DEFAULT = 3;
export const VM_PROT_ALL = 7;
export const VM_PROT_COPY = 0x10;
export const VM_PROT_WANTS_COPY = 0x10;
export const VM_PROT_TRUSTED = 0x20;
export const VM_PROT_IS_MASK = 0x40;
export const VM_PROT_STRIP_READ = 0x80;
export const VM_PROT_COPY_FAIL_IF_EXECUTABLE = 0x100;
export const VM_PROT_TPRO = 0x200;
export const VM_PROT_NO_CHANGE = 0x0100_0000;

/** `rwx` with `-` for what is missing. */
export function protString(prot: VmProt): string {
  return `${prot & 1 ? "r" : "-"}${prot & 2 ? "w" : "-"}${prot & 4 ? "x" : "-"}`;
}

/** Inheritance (mach/vm_inherit.h). */
export type VmInherit = number;
export const VM_INHERIT_SHARE = 0;
export const VM_INHERIT_COPY = 1;
export const VM_INHERIT_NONE = 2;
export const VM_INHERIT_DEFAULT = VM_INHERIT_COPY;

/** Behaviours (mach/vm_behavior.h). */
export type VmBehavior = number;
export const VM_BEHAVIOR_DEFAULT = 0;
export const VM_BEHAVIOR_RANDOM = 1;
export const VM_BEHAVIOR_SEQUENTIAL = 2;
export const VM_BEHAVIOR_RSEQNTL = 3;
export const VM_BEHAVIOR_WILLNEED = 4;
export const VM_BEHAVIOR_DONTNEED = 5;
export const VM_BEHAVIOR_FREE = 6;
export const VM_BEHAVIOR_ZERO_WIRED_PAGES = 7;
export const VM_BEHAVIOR_REUSABLE = 8;
export const VM_BEHAVIOR_REUSE = 9;
export const VM_BEHAVIOR_CAN_REUSE = 10;
export const VM_BEHAVIOR_PAGEOUT = 11;
export const VM_BEHAVIOR_ZERO = 12;

/** msync flags (mach/vm_sync.h). */
export const VM_SYNC_ASYNCHRONOUS = 0x1;
export const VM_SYNC_SYNCHRONOUS = 0x2;
export const VM_SYNC_INVALIDATE = 0x4;
export const VM_SYNC_KILLPAGES = 0x8;
export const VM_SYNC_DEACTIVATE = 0x10;
export const VM_SYNC_CONTIGUOUS = 0x20;
export const VM_SYNC_REUSABLEPAGES = 0x40;

/** Allocation flags (mach/vm_statistics.h). */
export const VM_FLAGS_FIXED = 0;
export const VM_FLAGS_ANYWHERE = 1;
export const VM_FLAGS_PURGABLE = 2;
export const VM_FLAGS_4GB_CHUNK = 4;
export const VM_FLAGS_RANDOM_ADDR = 8;
export const VM_FLAGS_NO_CACHE = 0x10;
export const VM_FLAGS_RESILIENT_CODESIGN = 0x20;
export const VM_FLAGS_RESILIENT_MEDIA = 0x40;
export const VM_FLAGS_PERMANENT = 0x80;
export const VM_FLAGS_TPRO = 0x1000;
export const VM_FLAGS_OVERWRITE = 0x4000;
export const VM_FLAGS_SUPERPAGE_MASK = 0x7_0000;
export const VM_FLAGS_RETURN_DATA_ADDR = 0x10_0000;
export const VM_FLAGS_RETURN_4K_DATA_ADDR = 0x80_0000;
export const VM_FLAGS_USER_ALLOCATE = 0xff07_509f;
export const VM_FLAGS_USER_MAP = 0xff97_509f;
export const VM_FLAGS_USER_REMAP = 0x0010_4069;

/** Flags of mach_make_memory_entry, above its protections (mach/memory_object_types.h). */
export const MAP_MEM_LEDGER_TAGGED = 0x2000;
export const MAP_MEM_PURGABLE_KERNEL_ONLY = 0x4000;
export const MAP_MEM_GRAB_SECLUDED = 0x8000;
export const MAP_MEM_ONLY = 0x1_0000;
export const MAP_MEM_NAMED_CREATE = 0x2_0000;
export const MAP_MEM_PURGABLE = 0x4_0000;
export const MAP_MEM_NAMED_REUSE = 0x8_0000;
export const MAP_MEM_USE_DATA_ADDR = 0x10_0000;
export const MAP_MEM_VM_COPY = 0x20_0000;
export const MAP_MEM_VM_SHARE = 0x40_0000;
export const MAP_MEM_4K_DATA_ADDR = 0x80_0000;
/** Those a user may set. */
export const MAP_MEM_FLAGS_USER = 0xff_e000;
export const MAP_MEM_FLAGS_MASK = 0xff_ff00;

/** The tag of an allocation: 0..255, kept in an entry's `alias`. */
export type VmTag = number;
export const VM_MEMORY_MALLOC = 1;
export const VM_MEMORY_MALLOC_SMALL = 2;
export const VM_MEMORY_MALLOC_LARGE = 3;
export const VM_MEMORY_MALLOC_HUGE = 4;
export const VM_MEMORY_SBRK = 5;
export const VM_MEMORY_REALLOC = 6;
export const VM_MEMORY_MALLOC_TINY = 7;
export const VM_MEMORY_MALLOC_LARGE_REUSABLE = 8;
export const VM_MEMORY_MALLOC_LARGE_REUSED = 9;
export const VM_MEMORY_MALLOC_NANO = 11;
export const VM_MEMORY_MALLOC_MEDIUM = 12;
export const VM_MEMORY_MACH_MSG = 20;
export const VM_MEMORY_STACK = 30;
export const VM_MEMORY_GUARD = 31;
export const VM_MEMORY_SHARED_PMAP = 32;
export const VM_MEMORY_DYLIB = 33;
export const VM_MEMORY_UNSHARED_PMAP = 35;
export const VM_KERN_MEMORY_NONE = 0;
export const VM_KERN_MEMORY_OSFMK = 1;
export const VM_KERN_MEMORY_BSD = 2;
export const VM_KERN_MEMORY_PMAP = 10;
export const VM_KERN_MEMORY_MLOCK = 24;

/** VM_MAKE_TAG(t): the tag as it travels in a flags word. */
export function vmMakeTag(tag: VmTag): number {
  return (tag << 24) >>> 0;
}

/** Address space limits of a user map and of the kernel map. */
export const VM_MIN_ADDRESS = 0 as VmOffset;
export const MACH_VM_MAX_ADDRESS = 0x7fff_fe00_0000 as VmOffset;
export const VM_MIN_KERNEL_ADDRESS = -(2 ** 41) as VmOffset;
export const VM_MAX_KERNEL_ADDRESS = (-(2 ** 41) + 832 * 2 ** 30 - 1) as VmOffset;

/** What would panic XNU: the simulation reports it and the host survives. */
export class KernelPanic extends Error {
  override readonly name = "KernelPanic";
}

/** Stop the simulated kernel. */
export function panic(message: string): never {
  throw new KernelPanic(message);
}
