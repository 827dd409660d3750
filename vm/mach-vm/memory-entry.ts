import type { Blocking } from "../blocking.js";
import type { VmMap } from "../map/map.js";
import {
  makeCopyEntry,
  makeEntryFromParent,
  makeNamedCreate,
  makeSharedEntry,
  type CreatedMemory,
  type EntryRights,
  type MadeEntry,
} from "../map/memory-entry.js";
import type { VmNamedEntry } from "../map/named-entry.js";
import {
  isZeroSize,
  rawU64,
  sanitizeInPage,
  sanitizeMemoryEntryPerm,
  sanitizeRange,
  sanitizeSize,
  KERNEL_PAGES,
} from "../sanitize.js";
import {
  KERN_FAILURE,
  KERN_INVALID_ARGUMENT,
  KERN_INVALID_TASK,
  KERN_SUCCESS,
  MAP_MEM_4K_DATA_ADDR,
  MAP_MEM_LEDGER_TAGGED,
  MAP_MEM_NAMED_CREATE,
  MAP_MEM_NAMED_REUSE,
  MAP_MEM_ONLY,
  MAP_MEM_PURGABLE,
  MAP_MEM_PURGABLE_KERNEL_ONLY,
  MAP_MEM_USE_DATA_ADDR,
  MAP_MEM_VM_COPY,
  MAP_MEM_VM_SHARE,
  PAGE_SIZE,
  VM_PROT_WRITE,
  type KernReturn,
  type RawProt,
  type RawU64,
} from "../types.js";

/** Largest anonymous object, in bytes. */
const ANON_MAX_BYTES = 0xffff_ffff * PAGE_SIZE;

/** The handle and the size it has; nothing and 0 on every failure, and for zero bytes created. */
export interface MemoryEntryResult {
  readonly kr: KernReturn;
  readonly size: number;
  readonly entry: VmNamedEntry | null;
}

/**
 * A handle for memory: fresh, mapped, copied, or part of what another handle names. XNU:
 * mach_make_memory_entry_64.
 * @param permission protections, VM_PROT_IS_MASK and MAP_MEM_* flags
 * @param parent another handle; not one that holds a copy
 * @returns KERN_INVALID_VALUE for unknown flags; KERN_INVALID_ARGUMENT; KERN_INVALID_TASK without a
 *   map; as makeSharedEntry and makeCopyEntry
 */
export function* machMakeMemoryEntry64(
  map: VmMap | null,
  size: RawU64,
  offset: RawU64,
  permission: RawProt,
  parent: VmNamedEntry | null,
): Blocking<MemoryEntryResult> {
  const sane = sanitizeMemoryEntryPerm(permission);
  if (!sane.proceed) return refused(sane.kr);
  const { flags, prot, isMask } = sane;
  const has = (flag: number): boolean => (flags & flag) !== 0;
  const rights: EntryRights = { prot, isMask };
  if (parent?.backing.kind === "copy") return refused(KERN_INVALID_ARGUMENT);
  if (has(MAP_MEM_ONLY)) {
    // Caching modes of the parent's memory: there is one only.
    const ok = parent?.backing.kind === "object";
    return refused(ok ? KERN_SUCCESS : KERN_INVALID_ARGUMENT);
  }
  const dataAddress = has(MAP_MEM_USE_DATA_ADDR) || has(MAP_MEM_4K_DATA_ADDR);
  if (has(MAP_MEM_NAMED_CREATE)) {
    const kind = {
      purgable: has(MAP_MEM_PURGABLE),
      purgeableOnlyByKernel: has(MAP_MEM_PURGABLE_KERNEL_ONLY),
      ledgerTagged: has(MAP_MEM_LEDGER_TAGGED),
    };
    return create(map, size, rights, kind, dataAddress);
  }
  const copies = has(MAP_MEM_VM_COPY);
  if (!copies && !has(MAP_MEM_VM_SHARE) && parent !== null && !has(MAP_MEM_NAMED_REUSE)) {
    return result(derive(map, parent, offset, size, rights, dataAddress));
  }
  if (isZeroSize(size)) return refused(KERN_INVALID_ARGUMENT);
  if (map === null) return refused(KERN_INVALID_TASK);
  const range = sanitizeRange(map, offset, size, { zeroSize: "fails" });
  if (!range.proceed) return refused(range.kr);
  const skip = dataAddress ? sanitizeInPage(map, offset) : 0;
  return result(
    copies
      ? yield* makeCopyEntry(map, range.start, range.size, rights, skip)
      : yield* makeSharedEntry(
          map,
          range.start,
          range.size,
          rights,
          skip,
          has(MAP_MEM_VM_SHARE),
          has(MAP_MEM_NAMED_REUSE) ? parent : null,
        ),
  );
}

function refused(kr: KernReturn): MemoryEntryResult {
  return { kr, size: 0, entry: null };
}

function result(made: MadeEntry): MemoryEntryResult {
  if (made.kr !== KERN_SUCCESS) return refused(made.kr);
  return { kr: KERN_SUCCESS, size: made.size, entry: made.entry };
}

function create(
  map: VmMap | null,
  rawSize: RawU64,
  rights: EntryRights,
  kind: CreatedMemory,
  dataAddress: boolean,
): MemoryEntryResult {
  if (dataAddress) return refused(KERN_INVALID_ARGUMENT);
  const size = sanitizeRange(map ?? KERNEL_PAGES, rawU64(0), rawSize, { zeroSize: "succeeds" });
  if (!size.proceed) return refused(size.kr);
  if (map === null) return refused(KERN_INVALID_TASK);
  if (kind.purgable && (rights.prot & VM_PROT_WRITE) === 0) return refused(KERN_INVALID_ARGUMENT);
  if (size.size > ANON_MAX_BYTES) return refused(KERN_FAILURE);
  return result(makeNamedCreate(map, size.size, rights, kind));
}

function derive(
  map: VmMap | null,
  parent: VmNamedEntry,
  offset: RawU64,
  size: RawU64,
  rights: EntryRights,
  dataAddress: boolean,
): MadeEntry {
  const pages = map ?? KERNEL_PAGES;
  const sane = sanitizeSize(pages, offset, size, "fallthrough");
  if (!sane.proceed) return { kr: KERN_INVALID_ARGUMENT };
  const inPage = sanitizeInPage(pages, offset);
  const start = sane.offset - inPage;
  return makeEntryFromParent(map, parent, start, sane.size, rights, dataAddress ? inPage : 0);
}
