import {
  VM_FLAGS_4GB_CHUNK,
  VM_FLAGS_ANYWHERE,
  VM_FLAGS_NO_CACHE,
  VM_FLAGS_OVERWRITE,
  VM_FLAGS_PERMANENT,
  VM_FLAGS_PURGABLE,
  VM_FLAGS_RANDOM_ADDR,
  VM_FLAGS_RESILIENT_CODESIGN,
  VM_FLAGS_RESILIENT_MEDIA,
  VM_FLAGS_RETURN_4K_DATA_ADDR,
  VM_FLAGS_RETURN_DATA_ADDR,
  VM_FLAGS_SUPERPAGE_MASK,
  VM_FLAGS_TPRO,
  type VmTag,
} from "../types.js";

/**
 * How to place and set up a mapping (vm_map_kernel_flags_t): the user's VM_FLAGS_* bits and the
 * kernel's own.
 */
export interface VmMapKernelFlags {
  /** At exactly this address; otherwise anywhere from the hint upwards. */
  readonly fixed: boolean;
  readonly overwrite: boolean;
  readonly purgable: boolean;
  readonly chunk4GB: boolean;
  readonly randomAddr: boolean;
  readonly noCache: boolean;
  readonly resilientCodesign: boolean;
  readonly resilientMedia: boolean;
  readonly permanent: boolean;
  readonly superpageSize: number;
  /** Read-only but for those the hardware is told to let: the architecture's MMU cannot, so it is refused. */
  readonly tpro: boolean;
  readonly returnDataAddr: boolean;
  readonly return4kDataAddr: boolean;
  readonly tag: VmTag;
  /** MAP_JIT memory: may be writable and executable. */
  readonly mapJit: boolean;
  /** May lie above the map's max (commpage). */
  readonly beyondMax: boolean;
  /** Search downwards from the hint. */
  readonly lastFree: boolean;
  /** The submap's translations are shared through pmap nesting. */
  readonly nestedPmap: boolean;
  /** Memory of a driver: the task is charged for the region as a whole (vmkf_iokit_acct). */
  readonly iokitAcct: boolean;
  /** Copy-on-read is never wanted (trusted contents). */
  readonly noCopyOnRead: boolean;
  /** KERN_MEMORY_PRESENT, not KERN_NO_SPACE, where exactly this is mapped already. */
  readonly already: boolean;
  /** The first page of the size asked for stays unmapped. Only vmMapFindSpace. */
  readonly guardBefore: boolean;
  /** UMEM_RANGE_ID_*; null: by the tag. */
  readonly rangeId: number | null;
}

const ANYWHERE: VmMapKernelFlags = {
  fixed: false,
  overwrite: false,
  purgable: false,
  chunk4GB: false,
  randomAddr: false,
  noCache: false,
  resilientCodesign: false,
  resilientMedia: false,
  permanent: false,
  superpageSize: 0,
  tpro: false,
  returnDataAddr: false,
  return4kDataAddr: false,
  tag: 0,
  mapJit: false,
  beyondMax: false,
  lastFree: false,
  nestedPmap: false,
  iokitAcct: false,
  noCopyOnRead: false,
  already: false,
  guardBefore: false,
  rangeId: null,
};

/** "Anywhere", changed as asked. XNU: VM_MAP_KERNEL_FLAGS_ANYWHERE(...). */
export function vmkFlagsAnywhere(change: Partial<VmMapKernelFlags> = {}): VmMapKernelFlags {
  return { ...ANYWHERE, ...change };
}

/** "Fixed", changed as asked. XNU: VM_MAP_KERNEL_FLAGS_FIXED(...). */
export function vmkFlagsFixed(change: Partial<VmMapKernelFlags> = {}): VmMapKernelFlags {
  return { ...ANYWHERE, fixed: true, ...change };
}

/** The kernel's view of a user's VM_FLAGS_* word. XNU: vm_map_kernel_flags_set_vmflags. */
export function vmkFlagsFromUser(flags: number): VmMapKernelFlags {
  const has = (bit: number): boolean => (flags & bit) !== 0;
  return {
    ...ANYWHERE,
    fixed: !has(VM_FLAGS_ANYWHERE),
    overwrite: has(VM_FLAGS_OVERWRITE),
    purgable: has(VM_FLAGS_PURGABLE),
    chunk4GB: has(VM_FLAGS_4GB_CHUNK),
    randomAddr: has(VM_FLAGS_RANDOM_ADDR),
    noCache: has(VM_FLAGS_NO_CACHE),
    resilientCodesign: has(VM_FLAGS_RESILIENT_CODESIGN),
    resilientMedia: has(VM_FLAGS_RESILIENT_MEDIA),
    permanent: has(VM_FLAGS_PERMANENT),
    superpageSize: (flags & VM_FLAGS_SUPERPAGE_MASK) >>> 16,
    tpro: has(VM_FLAGS_TPRO),
    returnDataAddr: has(VM_FLAGS_RETURN_DATA_ADDR),
    return4kDataAddr: has(VM_FLAGS_RETURN_4K_DATA_ADDR),
    tag: flags >>> 24,
  };
}
