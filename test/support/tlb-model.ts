import { walk, type Translation } from "./page-walk.js";
import type { TlbOp } from "./phys-buffer.js";
import type { PhysMemoryAccess } from "../../vm/platform.js";

/** One address space as the CPU has it loaded. */
export interface LoadedSpace {
  readonly root: number;
  readonly asid: number;
  readonly granule: "16K" | "4K";
}

interface CachedTranslation {
  readonly space: LoadedSpace;
  readonly va: number;
  readonly found: Translation;
}

/**
 * A TLB that never forgets on its own: everything ever used stays until the VM invalidates it. If
 * the VM leaves out an invalidation, some entry ends up granting more than the tables do.
 */
export class TlbModel {
  readonly #phys: PhysMemoryAccess;
  readonly #entries = new Map<string, CachedTranslation>();

  constructor(phys: PhysMemoryAccess) {
    this.#phys = phys;
  }

  /** What an access at page address `va` uses: the cached translation, or a walk that is cached. */
  translate(space: LoadedSpace, va: number): Translation | null {
    const key = `${space.asid}:${va}`;
    const cached = this.#entries.get(key);
    if (cached !== undefined) return cached.found;
    const found = walk(this.#phys, space.root, va, space.granule);
    if (found !== null && found.accessFlag) this.#entries.set(key, { space, va, found });
    return found;
  }

  apply(ops: readonly TlbOp[]): void {
    for (const op of ops) {
      for (const [key, entry] of this.#entries) {
        if (hits(op, entry)) this.#entries.delete(key);
      }
    }
  }

  /** With nothing pending, no entry grants what a walk would not. Returns what is wrong, or null. */
  staleEntry(): string | null {
    for (const { space, va, found } of this.#entries.values()) {
      const now = walk(this.#phys, space.root, va, space.granule);
      const fine =
        now !== null &&
        now.pa === found.pa &&
        (now.read || !found.read) &&
        (now.write || !found.write) &&
        (now.execute || !found.execute);
      if (!fine) return `asid ${space.asid} va 0x${va.toString(16)} is stale in the TLB`;
    }
    return null;
  }
}

function hits(op: TlbOp, { space, va }: CachedTranslation): boolean {
  switch (op.op) {
    case "va":
      return op.va === va && (op.asid === null || op.asid === space.asid);
    case "range":
      return va >= op.va && va < op.va + op.bytes && (op.asid === null || op.asid === space.asid);
    case "asid":
      return op.asid === space.asid;
    case "all":
      return true;
    default:
      return false;
  }
}
