import { ACCESS_READ, ACCESS_WRITE, type Access } from "./mmu/access.js";
import type { Mmu } from "./mmu/mmu.js";

/** Why a virtual address could not be accessed. */
export interface MemoryFault {
  /** The first address that failed. */
  readonly address: bigint;
  readonly access: Access;
  /** DFSC or IFSC, 6 bits: `describeFaultStatus` names it. */
  readonly status: number;
}

export type VirtualRead =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly fault: MemoryFault };

/** Who an access is made for. */
export interface Privilege {
  readonly el: 0 | 1;
  readonly pan: boolean;
}

/** Copy `length` bytes from a virtual address; nothing on a fault. */
export function readVirtual(
  mmu: Mmu,
  who: Privilege,
  address: bigint,
  length: number,
): VirtualRead {
  const bytes = new Uint8Array(length);
  const fault = eachPiece(mmu, who, ACCESS_READ, address, length, (physical, at, size) => {
    bytes.set(mmu.memory.view(physical, size), at);
  });
  return fault === null ? { ok: true, bytes } : { ok: false, fault };
}

/**
 * Copy `bytes` to a virtual address; nothing at all on a fault.
 * @param wrote told of each physical range
 */
export function writeVirtual(
  mmu: Mmu,
  who: Privilege,
  address: bigint,
  bytes: Uint8Array,
  wrote: (physical: number, size: number) => void,
): MemoryFault | null {
  const pieces: (() => void)[] = [];
  const fault = eachPiece(mmu, who, ACCESS_WRITE, address, bytes.length, (physical, at, size) => {
    pieces.push(() => {
      mmu.memory.view(physical, size).set(bytes.subarray(at, at + size));
      wrote(physical, size);
    });
  });
  if (fault === null) for (const write of pieces) write();
  return fault;
}

/** Translate a range page by page. `visit` gets each part: physical address, offset in the range, bytes. */
function eachPiece(
  mmu: Mmu,
  who: Privilege,
  access: Access,
  address: bigint,
  length: number,
  visit: (physical: number, at: number, size: number) => void,
): MemoryFault | null {
  const pageBytes = 2 ** mmu.pageShift;
  for (let at = 0; at < length;) {
    const va = BigInt.asUintN(64, address + BigInt(at));
    const [lo, hi] = [Number(BigInt.asIntN(32, va)), Number(BigInt.asIntN(32, va >> 32n))];
    const size = Math.min(pageBytes - ((lo >>> 0) % pageBytes), length - at);
    mmu.announce(lo, hi, access, who.el, who.pan);
    const physical = mmu.translate(lo, hi, access, who.el, who.pan);
    if (physical < 0) return { address: va, access, status: mmu.fault.status };
    visit(physical, at, size);
    at += size;
  }
  return null;
}

/** An address from its halves, unsigned. */
export function addressOf(lo: number, hi: number): bigint {
  return (BigInt(hi >>> 0) << 32n) | BigInt(lo >>> 0);
}
