import { alignUp } from "../address.js";
import type { Blocking } from "../blocking.js";
import { vmMapEnterMemObject } from "../map/enter-mem-object.js";
import { vmkFlagsFromUser } from "../map/flags.js";
import type { VmMap } from "../map/map.js";
import { vmMapEnterNamedEntry, type VmNamedEntry } from "../map/named-entry.js";
import { vmMapRemap, type Remapped } from "../map/remap.js";
import {
  rawU64,
  sanitizeAddress,
  sanitizeCurAndMax,
  sanitizeInherit,
  sanitizeInPage,
  sanitizeMask,
  sanitizeRange,
  sanitizeSize,
  type RangeRules,
} from "../sanitize.js";
import {
  KERN_INVALID_ARGUMENT,
  KERN_PROTECTION_FAILURE,
  KERN_SUCCESS,
  VM_FLAGS_ANYWHERE,
  VM_FLAGS_RETURN_DATA_ADDR,
  VM_FLAGS_USER_MAP,
  VM_FLAGS_USER_REMAP,
  VM_PROT_ALL,
  VM_PROT_EXECUTE,
  VM_PROT_IS_MASK,
  VM_PROT_WRITE,
  type KernResult,
  type RawInherit,
  type RawProt,
  type RawU64,
  type VmOffset,
  type VmProt,
} from "../types.js";

const NONZERO: RangeRules = { zeroSize: "fails" };

/** Arguments of mach_vm_map after the map itself. */
export interface MapArguments {
  /** The address with VM_FLAGS_FIXED, else the hint; cut down to its page. */
  readonly address: RawU64;
  readonly size: RawU64;
  readonly mask: RawU64;
  readonly flags: number;
  /** What to map; null for anonymous memory, and then the next two do not matter. */
  readonly entry: VmNamedEntry | null;
  readonly offset: RawU64;
  readonly copy: boolean;
  /** More than `max` is cut down to it. With VM_PROT_IS_MASK: what the entry gives of it. */
  readonly cur: RawProt;
  readonly max: RawProt;
  readonly inheritance: RawInherit;
}

/**
 * Map memory, by a handle or anonymous. XNU: mach_vm_map.
 * @returns the address; KERN_INVALID_ARGUMENT (zero bytes included); as vmMapEnter and
 *   vmMapEnterNamedEntry
 */
export function* machVmMap(
  map: VmMap | null,
  args: MapArguments,
): Blocking<KernResult<{ address: VmOffset }>> {
  const invalid = { kr: KERN_INVALID_ARGUMENT } as const;
  if ((args.flags & ~VM_FLAGS_USER_MAP) !== 0 || map === null) return invalid;
  const prots = sanitizeCurAndMax(args.cur, args.max, VM_PROT_IS_MASK, true);
  const inherits = sanitizeInherit(args.inheritance);
  if (!prots.proceed || !inherits.proceed) return invalid;
  const where = placement(map, args);
  if (where === null) return invalid;
  const { entry, copy } = args;
  const { inheritance } = inherits;
  const request = { ...where, mask: sanitizeMask(args.mask), flags: vmkFlagsFromUser(args.flags) };
  if (entry === null) {
    const cur = prots.cur & VM_PROT_ALL;
    const max = prots.max & VM_PROT_ALL;
    return yield* vmMapEnterMemObject(map, request, null, 0, false, cur, max, inheritance);
  }
  const offset = sanitizeSize(map, args.offset, args.size, "fails");
  if (!offset.proceed) return invalid;
  return yield* vmMapEnterNamedEntry(
    map,
    { ...request, size: offset.exact },
    entry,
    offset.offset,
    copy,
    prots.cur,
    prots.max,
    inheritance,
  );
}

/** Address and size in whole pages, or null if they are refused. */
function placement(
  map: VmMap,
  { address, size, flags }: MapArguments,
): { readonly address: VmOffset; readonly size: number } | null {
  if ((flags & VM_FLAGS_ANYWHERE) !== 0) {
    const sane = sanitizeSize(map, rawU64(0), size, "fails");
    return sane.proceed ? { address: sanitizeAddress(map, address), size: sane.size } : null;
  }
  const range = sanitizeRange(map, address, size, { zeroSize: "fails", realignStart: true });
  return range.proceed ? { address: range.start, size: range.size } : null;
}

/** Arguments of mach_vm_remap after the target map. */
export interface RemapArguments {
  readonly address: RawU64;
  readonly size: RawU64;
  readonly mask: RawU64;
  readonly flags: number;
  readonly sourceMap: VmMap | null;
  readonly sourceAddress: RawU64;
  readonly copy: boolean;
  readonly inheritance: RawInherit;
}

/**
 * Map memory of a task a second time; every page keeps its rights. XNU: mach_vm_remap.
 *
 * Without RETURN_DATA_ADDR the source address is cut down to its page before the size is added, so
 * the last page touched may be missing; with it every page is there, and the result points at the
 * byte asked for.
 * @returns the address, and the rights all pages have; as vmMapRemap
 */
export function* machVmRemap(
  map: VmMap | null,
  args: RemapArguments,
): Blocking<KernResult<Remapped>> {
  if ((args.flags & ~VM_FLAGS_USER_REMAP) !== 0) return { kr: KERN_INVALID_ARGUMENT };
  return yield* remap(map, args, null, (args.flags & VM_FLAGS_RETURN_DATA_ADDR) !== 0);
}

/**
 * As mach_vm_remap, but the new mapping has exactly the rights asked for, which the source must
 * allow. XNU: mach_vm_remap_new.
 * @returns KERN_PROTECTION_FAILURE for writable code, or where the source does not allow it
 */
export function* machVmRemapNew(
  map: VmMap | null,
  args: RemapArguments,
  cur: RawProt,
  max: RawProt,
): Blocking<KernResult<Remapped>> {
  const invalid = { kr: KERN_INVALID_ARGUMENT } as const;
  if (map === null || (args.flags & ~VM_FLAGS_USER_REMAP) !== 0) return invalid;
  const prots = sanitizeCurAndMax(cur, max, 0, false);
  if (!prots.proceed) return invalid;
  const writableCode = VM_PROT_WRITE | VM_PROT_EXECUTE;
  if ((prots.max & writableCode) === writableCode) return { kr: KERN_PROTECTION_FAILURE };
  return yield* remap(map, args, { cur: prots.cur, max: prots.max }, true);
}

function* remap(
  map: VmMap | null,
  args: RemapArguments,
  required: { readonly cur: VmProt; readonly max: VmProt } | null,
  everyPage: boolean,
): Blocking<KernResult<Remapped>> {
  const { sourceMap } = args;
  const invalid = { kr: KERN_INVALID_ARGUMENT } as const;
  if (map === null || sourceMap === null) return invalid;
  const inherits = sanitizeInherit(args.inheritance);
  if (!inherits.proceed) return invalid;
  const rules: RangeRules = everyPage ? NONZERO : { ...NONZERO, realignStart: true };
  const source = sanitizeRange(sourceMap, args.sourceAddress, args.size, rules);
  if (!source.proceed) return invalid;
  const remapped = yield* vmMapRemap(map, {
    address: sanitizeAddress(map, args.address),
    mask: sanitizeMask(args.mask),
    flags: { ...vmkFlagsFromUser(args.flags), returnDataAddr: everyPage },
    sourceMap,
    sourceAddress: source.start,
    size: alignUp(source.size, map.pageSize),
    copy: args.copy,
    inheritance: inherits.inheritance,
    required,
  });
  if (remapped.kr !== KERN_SUCCESS || !everyPage) return remapped;
  const inPage = sanitizeInPage(sourceMap, args.sourceAddress);
  return { ...remapped, address: (remapped.address + inPage) as VmOffset };
}
