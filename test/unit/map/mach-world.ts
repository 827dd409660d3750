import { vi } from "vitest";
import type { VmMapEntry } from "../../../vm/map/entry.js";
import type { VmMap } from "../../../vm/map/map.js";
import {
  machVmAllocate,
  machVmBehaviorSet,
  machVmDeallocate,
  machVmInherit,
  machVmMap,
  machVmMsync,
  machVmProtect,
  machVmWire,
  rawBehavior,
  rawInherit,
  rawProt,
  rawU64,
  type MapArguments,
} from "../../../vm/mach-vm.js";
import {
  VM_FLAGS_ANYWHERE,
  VM_FLAGS_FIXED,
  VM_INHERIT_COPY,
  VM_PROT_ALL,
  VM_PROT_DEFAULT,
  type KernReturn,
  type VmBehavior,
  type VmInherit,
  type VmProt,
} from "../../../vm/types.js";
import { vmWorld, type VmWorld, type VmWorldOptions } from "../../support/vm-world.js";

type Raw = number | bigint;

/** A task's address space, called as a program would, with every check after each call. */
export class MachWorld {
  readonly w: VmWorld;
  readonly map: VmMap;
  /** What guard exceptions reported, in order. */
  readonly gaps: number[] = [];

  constructor(options: VmWorldOptions = {}) {
    this.w = vmWorld(options);
    this.map = this.w.newMap();
    vi.spyOn(this.w.system, "guardException").mockImplementation((_map, _flavor, address) => {
      this.gaps.push(address);
    });
  }

  /** The address, or the code of a refusal negated. */
  fixed(address: Raw, size: Raw, flags = 0): number {
    return this.#allocate(address, size, VM_FLAGS_FIXED | flags);
  }

  anywhere(size: Raw, flags = 0, hint: Raw = 0): number {
    return this.#allocate(hint, size, VM_FLAGS_ANYWHERE | flags);
  }

  #allocate(address: Raw, size: Raw, flags: number): number {
    const made = this.w.run(machVmAllocate(this.map, rawU64(address), rawU64(size), flags));
    return made.kr === 0 ? made.address : -made.kr;
  }

  vmMap(
    args: Partial<Omit<MapArguments, "address" | "size" | "cur" | "max" | "inheritance">> & {
      address?: Raw;
      size: Raw;
      cur?: VmProt;
      max?: VmProt;
      inheritance?: VmInherit;
    },
  ): number {
    const made = this.w.run(
      machVmMap(this.map, {
        mask: rawU64(0),
        flags: VM_FLAGS_FIXED,
        entry: null,
        offset: rawU64(0),
        copy: false,
        ...args,
        cur: rawProt(args.cur ?? VM_PROT_DEFAULT),
        max: rawProt(args.max ?? VM_PROT_ALL),
        inheritance: rawInherit(args.inheritance ?? VM_INHERIT_COPY),
        address: rawU64(args.address ?? 0),
        size: rawU64(args.size),
      }),
    );
    return made.kr === 0 ? made.address : -made.kr;
  }

  deallocate(address: Raw, size: Raw): KernReturn {
    return this.w.run(machVmDeallocate(this.map, rawU64(address), rawU64(size)));
  }

  protect(address: Raw, size: Raw, prot: VmProt, setMaximum = false): KernReturn {
    return this.w.run(
      machVmProtect(this.map, rawU64(address), rawU64(size), setMaximum, rawProt(prot)),
    );
  }

  inherit(address: Raw, size: Raw, inheritance: VmInherit): KernReturn {
    const kr = machVmInherit(this.map, rawU64(address), rawU64(size), rawInherit(inheritance));
    this.w.check();
    return kr;
  }

  behavior(address: Raw, size: Raw, behavior: VmBehavior): KernReturn {
    return this.w.run(
      machVmBehaviorSet(this.map, rawU64(address), rawU64(size), rawBehavior(behavior)),
    );
  }

  msync(address: Raw, size: Raw, flags: number): KernReturn {
    return this.w.run(machVmMsync(this.map, rawU64(address), rawU64(size), flags));
  }

  wire(address: Raw, size: Raw, access: VmProt = 1): KernReturn {
    return this.w.run(machVmWire(true, this.map, rawU64(address), rawU64(size), rawProt(access)));
  }

  unwire(address: Raw, size: Raw): KernReturn {
    return this.wire(address, size, 0);
  }

  entry(address: number): VmMapEntry {
    const entry = this.w.entryAt(this.map, address);
    if (entry === null) throw new Error(`nothing at 0x${address.toString(16)}`);
    return entry;
  }

  /** [start, end) of every entry. */
  ranges(): [number, number][] {
    return Array.from(this.map.entries, (entry) => [entry.start, entry.end]);
  }
}

export function machWorld(options: VmWorldOptions = {}): MachWorld {
  return new MachWorld(options);
}
