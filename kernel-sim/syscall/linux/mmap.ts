import { alignUp } from "../../../vm/address.js";
import type { Blocking } from "../../../vm/blocking.js";
import { vmMapEnterMemObject } from "../../../vm/map/enter-mem-object.js";
import { vmkFlagsAnywhere, vmkFlagsFixed, type VmMapKernelFlags } from "../../../vm/map/flags.js";
import type { VmMap } from "../../../vm/map/map.js";
import { vmObjectDeallocate } from "../../../vm/object/index.js";
import type { VmObject } from "../../../vm/object/object.js";
import {
  KERN_SUCCESS,
  MACH_VM_MAX_ADDRESS,
  VM_INHERIT_COPY,
  VM_INHERIT_SHARE,
  VM_PROT_ALL,
  VM_PROT_WRITE,
  type VmOffset,
  type VmProt,
} from "../../../vm/types.js";
import { O_RDWR, O_WRONLY } from "../../fs/types.js";
import type { ErrnoName } from "../errno.js";
import {
  MAP_ANONYMOUS,
  MAP_FIXED,
  MAP_FIXED_NOREPLACE,
  MAP_PRIVATE,
  MAP_SHARED,
  MAP_SHARED_VALIDATE,
  MAP_TYPE,
  MMAP_MIN_ADDR,
} from "./abi.js";
import type { LinuxCall, LinuxResult } from "./call.js";
import { isFree, mappingErrno, pageRange, vmProtection, type PageRange } from "./memory-range.js";

/** What is mapped: a file's object, which carries a reference, or nothing for anonymous memory. */
interface Source {
  readonly object: VmObject | null;
  readonly maxProtection: VmProt;
}

/** Where it goes: exactly here, or below the task's mmap base. */
export interface Place {
  readonly address: VmOffset;
  readonly flags: VmMapKernelFlags;
}

/**
 * mmap. Mappings without an address are placed top-down below the stack, as Linux does.
 *
 * Differs from Linux: memory that is writable and executable at once is refused with EACCES, and
 * MAP_GROWSDOWN, MAP_LOCKED, MAP_POPULATE and MAP_NORESERVE are accepted without an effect.
 */
export function* mmap(c: LinuxCall): Blocking<LinuxResult> {
  const flags = c.uint(3);
  const type = flags & MAP_TYPE;
  if (type !== MAP_SHARED && type !== MAP_PRIVATE && type !== MAP_SHARED_VALIDATE) return "EINVAL";
  const shared = type !== MAP_PRIVATE;
  const offset = c.u64(5);
  if (c.u64(1) === 0n || offset % BigInt(c.pageSize) !== 0n) return "EINVAL";
  if (c.u64(1) > BigInt(MACH_VM_MAX_ADDRESS)) return "ENOMEM";
  if (offset + c.u64(1) >= 1n << 52n) return "EOVERFLOW";
  const protection = vmProtection(c.uint(2) & 7);
  if (protection === null) return "EINVAL";
  const size = alignUp(c.size(1), c.pageSize);

  const place = choosePlace(c, c.u64(0), size, flags);
  if (typeof place === "string") return place;
  const source = openSource(c, flags, shared, protection);
  if (typeof source === "string") return source;
  const result = yield* vmMapEnterMemObject(
    c.task.map,
    { ...place, size },
    source.object,
    source.object === null ? 0 : Number(offset),
    source.object !== null && !shared,
    protection,
    source.maxProtection,
    shared ? VM_INHERIT_SHARE : VM_INHERIT_COPY,
  );
  if (result.kr === KERN_SUCCESS) return result.address;
  if (source.object !== null) vmObjectDeallocate(source.object);
  return mappingErrno(result.kr);
}

/** Linux: get_unmapped_area. An address without MAP_FIXED is taken if it happens to be free. */
function choosePlace(c: LinuxCall, raw: bigint, size: number, flags: number): Place | ErrnoName {
  const { map } = c.task;
  if ((flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) !== 0) {
    if (raw % BigInt(c.pageSize) !== 0n) return "EINVAL";
    const range = pageRange(map, raw, BigInt(size));
    if (range === null) return "ENOMEM";
    if (range.start < MMAP_MIN_ADDR) return "EPERM";
    if ((flags & MAP_FIXED_NOREPLACE) !== 0) {
      if (!isFree(map, range)) return "EEXIST";
      return { address: range.start, flags: vmkFlagsFixed() };
    }
    return { address: range.start, flags: vmkFlagsFixed({ overwrite: true }) };
  }
  const hint = hintedRange(map, raw, size);
  if (hint !== null && isFree(map, hint)) return { address: hint.start, flags: vmkFlagsFixed() };
  return anywhere(c);
}

/** Highest free place below the mmap base. */
export function anywhere(c: LinuxCall): Place {
  const address = c.state.mmapBase as VmOffset;
  return { address, flags: vmkFlagsAnywhere({ lastFree: true }) };
}

function hintedRange(map: VmMap, raw: bigint, size: number): PageRange | null {
  const page = BigInt(map.pageSize);
  const aligned = ((raw + page - 1n) / page) * page;
  return aligned < BigInt(MMAP_MIN_ADDR) ? null : pageRange(map, aligned, BigInt(size));
}

/** Linux: do_mmap's checks of the file's mode. */
function openSource(
  c: LinuxCall,
  flags: number,
  shared: boolean,
  protection: VmProt,
): Source | ErrnoName {
  if ((flags & MAP_ANONYMOUS) !== 0) return { object: null, maxProtection: VM_PROT_ALL };
  const file = c.file(4);
  if (file === null) return "EBADF";
  if (file.access === O_WRONLY) return "EACCES";
  const mayWrite = !shared || file.access === O_RDWR;
  if (!mayWrite && (protection & VM_PROT_WRITE) !== 0) return "EACCES";
  const object = c.kernel.vnodes.objectFor(file);
  if (!object.ok) return object.errno;
  const maxProtection = mayWrite ? VM_PROT_ALL : VM_PROT_ALL & ~VM_PROT_WRITE;
  return { object: object.value, maxProtection };
}
