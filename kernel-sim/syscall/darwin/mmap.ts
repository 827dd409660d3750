import type { Blocking } from "../../../vm/blocking.js";
import { vmMapEnterMemObject } from "../../../vm/map/enter-mem-object.js";
import { vmkFlagsAnywhere, vmkFlagsFixed, type VmMapKernelFlags } from "../../../vm/map/flags.js";
import { vmObjectDeallocate } from "../../../vm/object/index.js";
import type { VmObject } from "../../../vm/object/object.js";
import {
  KERN_NO_SPACE,
  KERN_SUCCESS,
  MACH_VM_MAX_ADDRESS,
  VM_FLAGS_4GB_CHUNK,
  VM_FLAGS_PURGABLE,
  VM_FLAGS_SUPERPAGE_MASK,
  VM_INHERIT_DEFAULT,
  VM_INHERIT_SHARE,
  VM_PROT_ALL,
  VM_PROT_EXECUTE,
  VM_PROT_READ,
  VM_PROT_WRITE,
  type KernResult,
  type VmOffset,
  type VmProt,
} from "../../../vm/types.js";
import { O_RDONLY, O_WRONLY, type OpenFile } from "../../fs/types.js";
import type { ErrnoName } from "../errno.js";
import {
  MAP_32BIT,
  MAP_ANON,
  MAP_FIXED,
  MAP_HASSEMAPHORE,
  MAP_JIT,
  MAP_NOCACHE,
  MAP_NOEXTEND,
  MAP_NORESERVE,
  MAP_PRIVATE,
  MAP_RENAME,
  MAP_RESERVED0080,
  MAP_RESILIENT_CODESIGN,
  MAP_RESILIENT_MEDIA,
  MAP_SHARED,
  MAP_TPRO,
  MAP_TRANSLATED_ALLOW_EXECUTE,
  MAP_UNIX03,
} from "./abi.js";
import type { BsdResult, DarwinCall } from "./call.js";
import { mappingErrno, protArgument, withImpliedRead } from "./memory-range.js";

const KNOWN_FLAGS =
  MAP_SHARED |
  MAP_PRIVATE |
  MAP_FIXED |
  MAP_RENAME |
  MAP_NORESERVE |
  MAP_RESERVED0080 |
  MAP_NOEXTEND |
  MAP_HASSEMAPHORE |
  MAP_NOCACHE |
  MAP_JIT |
  MAP_ANON |
  MAP_RESILIENT_CODESIGN |
  MAP_RESILIENT_MEDIA |
  MAP_32BIT |
  MAP_TRANSLATED_ALLOW_EXECUTE |
  MAP_UNIX03 |
  MAP_TPRO;
/** What the descriptor of anonymous memory may carry besides -1: VM_FLAGS_* and a tag. */
const FD_FLAGS =
  (0xff00_0000 | VM_FLAGS_PURGABLE | VM_FLAGS_4GB_CHUNK | VM_FLAGS_SUPERPAGE_MASK) >>> 0;
const U64 = 1n << 64n;

/** The arguments after the sanitizer: whole pages, and the file offset's place in its page. */
interface Request {
  readonly address: bigint;
  /** Bytes from the page of the offset, whole pages; 0 only without MAP_UNIX03. */
  readonly size: bigint;
  /** File offset, cut down to its page, and what was cut off. */
  readonly offset: bigint;
  readonly inPage: bigint;
  readonly flags: number;
  readonly prot: VmProt;
}

/** What is mapped: a file's object, which carries a reference, or nothing for anonymous memory. */
interface Source {
  readonly object: VmObject | null;
  readonly prot: VmProt;
  readonly maxProt: VmProt;
  readonly flags: Partial<VmMapKernelFlags>;
}

/**
 * XNU: kern_mman.c mmap, in its order of checks. Every program counts as built for a system new
 * enough that unknown flags are refused.
 *
 * Differs from XNU: MAP_32BIT and MAP_TRANSLATED_ALLOW_EXECUTE are checked and have no further effect; MAP_TPRO
 * is refused once it is checked, for want of the hardware; purgable memory asked for through the descriptor is what vmMapEnter makes of it.
 */
export function* mmap(c: DarwinCall): Blocking<BsdResult> {
  const request = sanitizeArguments(c);
  if (typeof request === "string") return request;
  const refused = checkFlags(request);
  if (refused !== null) return refused;
  const source =
    (request.flags & MAP_ANON) !== 0
      ? anonymousSource(c.int(4), request)
      : fileSource(c.file(4), c, request);
  if (typeof source === "string") return source;
  if (request.size === 0n) {
    if (source.object !== null) vmObjectDeallocate(source.object);
    return 0;
  }
  const result = yield* enter(c, request, source);
  if (result.kr === KERN_SUCCESS) return BigInt(result.address) + request.inPage;
  if (source.object !== null) vmObjectDeallocate(source.object);
  return mappingErrno(result.kr);
}

/** XNU: mmap_sanitize. */
function sanitizeArguments(c: DarwinCall): Request | "EINVAL" {
  const page = BigInt(c.task.map.pageSize);
  const flags = c.uint(3);
  const [address, length, position] = [c.u64(0), c.u64(1), c.u64(5)];
  const inPage = position % page;
  if ((flags & MAP_UNIX03) !== 0 && (length === 0n || inPage !== 0n)) return "EINVAL";
  if (position + length >= U64) return "EINVAL";
  const size = length === 0n ? 0n : alignUpBig(inPage + length, page);
  if (size >= U64) return "EINVAL";
  const prot = withImpliedRead(protArgument(c, 2)) & VM_PROT_ALL;
  const request = { size, offset: position - inPage, inPage, flags, prot };
  if ((flags & MAP_FIXED) === 0) return { ...request, address: alignUpBig(address, page) % U64 };
  // The byte asked for must lie where the file's byte lies in its page.
  if (address % page !== inPage || address - inPage + size >= U64) return "EINVAL";
  return { ...request, address: address - inPage };
}

function alignUpBig(value: bigint, unit: bigint): bigint {
  return ((value + unit - 1n) / unit) * unit;
}

function checkFlags({ flags, prot }: Request): ErrnoName | null {
  const has = (bits: number): boolean => (flags & bits) !== 0;
  const writable = (prot & VM_PROT_WRITE) !== 0;
  const code = (prot & VM_PROT_EXECUTE) !== 0;
  if ((flags & ~KNOWN_FLAGS) !== 0) return "EINVAL";
  if (has(MAP_UNIX03) && !has(MAP_SHARED | MAP_PRIVATE)) return "EINVAL";
  if (has(MAP_JIT)) {
    const excluded =
      MAP_FIXED | MAP_SHARED | MAP_RESILIENT_CODESIGN | MAP_RESILIENT_MEDIA | MAP_TPRO;
    if (has(excluded) || !has(MAP_ANON)) return "EINVAL";
  }
  if (has(MAP_RESILIENT_CODESIGN | MAP_RESILIENT_MEDIA) && has(MAP_ANON | MAP_TPRO)) {
    return "EINVAL";
  }
  if (has(MAP_RESILIENT_CODESIGN) && (code || (writable && !has(MAP_PRIVATE)))) return "EPERM";
  if (has(MAP_TPRO) && (!writable || code)) return "EPERM";
  return null;
}

function anonymousSource(fd: number, { flags, prot }: Request): Source | ErrnoName {
  let fdFlags = 0;
  if (fd !== -1) {
    fdFlags = fd >>> 0;
    if ((fdFlags & ~FD_FLAGS) !== 0) return "EINVAL";
  }
  return {
    object: null,
    prot,
    maxProt: VM_PROT_ALL,
    flags: {
      tag: fdFlags >>> 24,
      purgable: (fdFlags & VM_FLAGS_PURGABLE) !== 0,
      chunk4GB: (fdFlags & VM_FLAGS_4GB_CHUNK) !== 0,
      superpageSize: (fdFlags & VM_FLAGS_SUPERPAGE_MASK) >>> 16,
      mapJit: (flags & MAP_JIT) !== 0,
      tpro: (flags & MAP_TPRO) !== 0,
      noCache: (flags & MAP_NOCACHE) !== 0,
    },
  };
}

/** The rights a file's mode gives its mapping. Code may be mapped of every file that can be read. */
function fileSource(
  file: OpenFile | null,
  c: DarwinCall,
  { flags, prot }: Request,
): Source | ErrnoName {
  if (file === null) return "EBADF";
  if (file.kind === "console") return "ENODEV";
  if (file.kind !== "file") return "EINVAL";
  const shared = (flags & MAP_SHARED) !== 0;
  const readable = file.access !== O_WRONLY;
  const writable = !shared || file.access !== O_RDONLY;
  if (!readable && (prot & VM_PROT_READ) !== 0) return "EACCES";
  if (!writable && (prot & VM_PROT_WRITE) !== 0) return "EACCES";
  const object = c.kernel.vnodes.objectFor(file);
  if (!object.ok) return object.errno;
  const codesign = (flags & MAP_RESILIENT_CODESIGN) !== 0;
  const maxProt = withImpliedRead(VM_PROT_EXECUTE | (writable ? VM_PROT_WRITE : 0));
  return {
    object: object.value,
    prot,
    maxProt: codesign ? prot : maxProt,
    flags: {
      noCache: (flags & MAP_NOCACHE) !== 0,
      tpro: (flags & MAP_TPRO) !== 0,
      resilientCodesign: codesign,
      resilientMedia: (flags & MAP_RESILIENT_MEDIA) !== 0 && !shared,
    },
  };
}

/** A hint with no room above it is tried once more from the first page. */
function* enter(
  c: DarwinCall,
  request: Request,
  source: Source,
): Blocking<KernResult<{ address: VmOffset }>> {
  const { map } = c.task;
  const fixed = (request.flags & MAP_FIXED) !== 0;
  const shared = (request.flags & MAP_SHARED) !== 0;
  const size = request.size > BigInt(MACH_VM_MAX_ADDRESS) ? MACH_VM_MAX_ADDRESS : request.size;
  const place = (address: number): Blocking<KernResult<{ address: VmOffset }>> =>
    vmMapEnterMemObject(
      map,
      {
        address: address as VmOffset,
        size: Number(size),
        flags: fixed
          ? vmkFlagsFixed({ ...source.flags, overwrite: true })
          : vmkFlagsAnywhere(source.flags),
      },
      source.object,
      source.object === null ? 0 : Number(request.offset),
      source.object !== null && !shared,
      source.prot,
      source.maxProt,
      shared ? VM_INHERIT_SHARE : VM_INHERIT_DEFAULT,
    );
  const first = yield* place(Number(request.address));
  if (first.kr !== KERN_NO_SPACE || fixed || request.address === 0n) return first;
  return yield* place(map.pageSize);
}
