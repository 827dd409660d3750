import {
  KERN_INVALID_ARGUMENT,
  KERN_NO_SPACE,
  KERN_SUCCESS,
  VM_MEMORY_MALLOC,
  VM_MEMORY_MALLOC_HUGE,
  VM_MEMORY_MALLOC_LARGE,
  VM_MEMORY_MALLOC_LARGE_REUSABLE,
  VM_MEMORY_MALLOC_LARGE_REUSED,
  VM_MEMORY_MALLOC_MEDIUM,
  VM_MEMORY_MALLOC_NANO,
  VM_MEMORY_MALLOC_SMALL,
  VM_MEMORY_MALLOC_TINY,
  VM_MEMORY_REALLOC,
  type KernReturn,
  type VmOffset,
  type VmTag,
} from "../types.js";

/** Which part of a divided address space memory belongs in (vm_map_range_id_t). */
export const UMEM_RANGE_ID_DEFAULT = 0;
export const UMEM_RANGE_ID_HEAP = 1;
/** Only at addresses the caller names. */
export const UMEM_RANGE_ID_FIXED = 2;
export const UMEM_RANGE_ID_LARGE_FILE = 3;

/** Addresses [min, max). */
export interface VmMapRange {
  readonly min: VmOffset;
  readonly max: VmOffset;
}

const MAX_EXTRA_RANGES = 1024;

const HEAP_TAGS: ReadonlySet<number> = new Set([
  VM_MEMORY_MALLOC,
  VM_MEMORY_MALLOC_SMALL,
  VM_MEMORY_MALLOC_LARGE,
  VM_MEMORY_MALLOC_HUGE,
  VM_MEMORY_REALLOC,
  VM_MEMORY_MALLOC_TINY,
  VM_MEMORY_MALLOC_LARGE_REUSABLE,
  VM_MEMORY_MALLOC_LARGE_REUSED,
  VM_MEMORY_MALLOC_NANO,
  VM_MEMORY_MALLOC_MEDIUM,
]);

/** The range an allocation with this tag goes to if it does not say. */
export function rangeIdOfTag(tag: VmTag): number {
  return HEAP_TAGS.has(tag) ? UMEM_RANGE_ID_HEAP : UMEM_RANGE_ID_DEFAULT;
}

/**
 * A user address space divided into parts (the user ranges of struct vm_map): memory placed anywhere
 * stays in the part of its kind, and memory placed at an address must lie inside one part.
 *
 * Differs from XNU: the parts are given, not drawn at random by vm_map_range_configure.
 */
export class VmMapUserRanges {
  readonly default: VmMapRange;
  readonly heap: VmMapRange;
  readonly largeFile: VmMapRange;
  readonly extra: VmMapRange[] = [];

  constructor(ranges: Pick<VmMapUserRanges, "default" | "heap" | "largeFile">) {
    this.default = ranges.default;
    this.heap = ranges.heap;
    this.largeFile = ranges.largeFile;
  }

  /** Where to look for space; empty for memory that must be placed at an address. */
  forId(id: number): VmMapRange {
    switch (id) {
      case UMEM_RANGE_ID_HEAP:
        return this.heap;
      case UMEM_RANGE_ID_LARGE_FILE:
        return this.largeFile;
      case UMEM_RANGE_ID_FIXED:
        return { min: 0 as VmOffset, max: 0 as VmOffset };
      default:
        return this.default;
    }
  }

  /** The part that contains all of [start, end), or null. */
  containing(start: VmOffset, end: VmOffset): VmMapRange | null {
    const all = [this.default, this.heap, this.largeFile, ...this.extra];
    return all.find(({ min, max }) => start >= min && end <= max) ?? null;
  }

  /**
   * Add a part for memory placed at an address. XNU: mach_vm_range_create_v1.
   * @returns KERN_INVALID_ARGUMENT if it is empty or meets another; KERN_NO_SPACE for more than 1024
   */
  add(range: VmMapRange): KernReturn {
    if (range.min >= range.max) return KERN_INVALID_ARGUMENT;
    const all = [this.default, this.heap, this.largeFile, ...this.extra];
    if (all.some(({ min, max }) => range.min < max && min < range.max)) {
      return KERN_INVALID_ARGUMENT;
    }
    if (this.extra.length >= MAX_EXTRA_RANGES) return KERN_NO_SPACE;
    this.extra.push(range);
    return KERN_SUCCESS;
  }
}
