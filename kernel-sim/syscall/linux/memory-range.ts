import { alignDown, alignUp } from "../../../vm/address.js";
import { vmMapRangeCheck } from "../../../vm/map/find-space.js";
import type { VmMapEntry } from "../../../vm/map/entry.js";
import { vmMapLookupEntryOrNext } from "../../../vm/map/find.js";
import type { VmMap } from "../../../vm/map/map.js";
import {
  KERN_INVALID_ADDRESS,
  KERN_NO_SPACE,
  KERN_PROTECTION_FAILURE,
  KERN_RESOURCE_SHORTAGE,
  MACH_VM_MAX_ADDRESS,
  VM_PROT_EXECUTE,
  VM_PROT_READ,
  VM_PROT_WRITE,
  type KernReturn,
  type VmOffset,
  type VmProt,
} from "../../../vm/types.js";
import type { ErrnoName } from "../errno.js";
import { PROT_EXEC, PROT_READ, PROT_WRITE } from "./abi.js";

/** Pages [start, end) of user addresses, page aligned. */
export interface PageRange {
  readonly start: VmOffset;
  readonly end: VmOffset;
}

const TASK_SIZE = BigInt(MACH_VM_MAX_ADDRESS);

/**
 * The pages of [address, address + length) in a map, as it is paged.
 * @returns null for an address inside a page, or a range that leaves the user half
 */
export function pageRange(map: VmMap, address: bigint, length: bigint): PageRange | null {
  if (address % BigInt(map.pageSize) !== 0n) return null;
  return coveringRange(map, address, length);
}

/** As `pageRange`, with the start rounded down. */
export function coveringRange(map: VmMap, address: bigint, length: bigint): PageRange | null {
  if (address > TASK_SIZE || length > TASK_SIZE - address) return null;
  const start = alignDown(Number(address), map.pageSize) as VmOffset;
  const end = alignUp(Number(address + length), map.pageSize) as VmOffset;
  return end > MACH_VM_MAX_ADDRESS ? null : { start, end };
}

/**
 * PROT_* bits as protections. On AArch64 what can be written or executed can be read.
 * Linux: arch/arm64/mm/mmap.c protection_map.
 * @returns null for unknown bits
 */
export function vmProtection(prot: number): VmProt | null {
  if ((prot & ~(PROT_READ | PROT_WRITE | PROT_EXEC)) !== 0) return null;
  let result = prot !== 0 ? VM_PROT_READ : 0;
  if ((prot & PROT_WRITE) !== 0) result |= VM_PROT_WRITE;
  if ((prot & PROT_EXEC) !== 0) result |= VM_PROT_EXECUTE;
  return result;
}

/** The error number of a refused mapping operation. */
export function mappingErrno(kr: KernReturn): ErrnoName {
  switch (kr) {
    case KERN_INVALID_ADDRESS:
    case KERN_NO_SPACE:
    case KERN_RESOURCE_SHORTAGE:
      return "ENOMEM";
    case KERN_PROTECTION_FAILURE:
      return "EACCES";
    default:
      return "EINVAL";
  }
}

/** Nothing but mapped pages in the range. Takes the map shared. */
export function isMapped(map: VmMap, { start, end }: PageRange): boolean {
  map.lockShared();
  const mapped = vmMapRangeCheck(map, start, end);
  map.unlockShared();
  return mapped;
}

/** Nothing mapped in the range. Takes the map shared. */
export function isFree(map: VmMap, { start, end }: PageRange): boolean {
  map.lockShared();
  const next = vmMapLookupEntryOrNext(map, start);
  map.unlockShared();
  return next === null || next.start >= end;
}

/** One entry's share of a range, and what it was when it was looked at. */
export interface Piece extends PageRange {
  readonly entry: VmMapEntry;
}

/**
 * The mapped parts of a range, cut to it, in address order: a snapshot, since what is done to one
 * of them may change the map. Takes the map shared.
 */
export function piecesOf(map: VmMap, { start, end }: PageRange): readonly Piece[] {
  map.lockShared();
  const pieces: Piece[] = [];
  let entry = vmMapLookupEntryOrNext(map, start);
  for (; entry !== null && entry.start < end; entry = entry.next) {
    pieces.push({
      entry,
      start: Math.max(entry.start, start) as VmOffset,
      end: Math.min(entry.end, end) as VmOffset,
    });
  }
  map.unlockShared();
  return pieces;
}
