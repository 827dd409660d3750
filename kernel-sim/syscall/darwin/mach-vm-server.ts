import {
  machVmAllocate,
  machVmBehaviorSet,
  machVmCopy,
  machVmDeallocate,
  machVmInherit,
  machVmMachineAttribute,
  machVmMap,
  machVmMsync,
  machVmPageQuery,
  machVmProtect,
  machVmPurgableControl,
  machVmRead,
  machVmReadOverwrite,
  machVmRemap,
  machVmRemapNew,
  machVmWrite,
  rawBehavior,
  rawInherit,
  rawProt,
  rawU64,
  type RemapArguments,
} from "../../../vm/mach-vm.js";
import { vmMapCopyDiscard } from "../../../vm/map/copy.js";
import { VmNamedEntry, vmNamedEntryRelease } from "../../../vm/map/named-entry.js";
import {
  KERN_INVALID_OBJECT,
  KERN_SUCCESS,
  MACH_VM_MAX_ADDRESS,
  VM_PROT_ALL,
} from "../../../vm/types.js";
import { MACH_MSG_VIRTUAL_COPY, OOL_DESCRIPTOR } from "./message.js";
import { MIG_TYPE_ERROR, type Request, type Routines, type Target } from "./mig.js";

function remapArguments(target: Target, r: Request, inheritAt: number): RemapArguments {
  return {
    address: r.u64(48),
    size: r.u64(56),
    mask: r.u64(64),
    flags: r.u32(72),
    sourceMap: target.mapOf(r.port()),
    sourceAddress: r.u64(76),
    copy: r.u32(84) !== 0,
    inheritance: rawInherit(r.u32(inheritAt)),
  };
}

/**
 * What mach_vm_map is to map: null is anonymous memory. A port that a task receives from is a memory object:
 * that task is its pager.
 */
function entryOf(target: Target, r: Request): VmNamedEntry | null | typeof KERN_INVALID_OBJECT {
  const right = r.right();
  if (right === null) return null;
  const object = right === "dead" || right.once ? null : target.objectOf(right.port);
  if (object === null) return KERN_INVALID_OBJECT;
  return new VmNamedEntry({ kind: "object", object }, 0, MACH_VM_MAX_ADDRESS, VM_PROT_ALL);
}

/** The routines of subsystem mach_vm that libsyscall sends as messages, by message id. XNU: mach/mach_vm.defs. */
export const MACH_VM_ROUTINES: Routines = {
  4800: {
    bytes: 52,
    *run({ map }, r) {
      const made = yield* machVmAllocate(map, r.u64(32), r.u64(40), r.u32(48));
      return made.kr === KERN_SUCCESS ? [made.kr, BigInt(made.address)] : [made.kr];
    },
  },
  4801: {
    bytes: 48,
    *run({ map }, r) {
      return [yield* machVmDeallocate(map, r.u64(32), r.u64(40))];
    },
  },
  4802: {
    bytes: 56,
    *run({ map }, r) {
      const setMaximum = r.u32(48) !== 0;
      return [yield* machVmProtect(map, r.u64(32), r.u64(40), setMaximum, rawProt(r.u32(52)))];
    },
  },
  4803: {
    bytes: 52,
    run: ({ map }, r) => [machVmInherit(map, r.u64(32), r.u64(40), rawInherit(r.u32(48)))],
  },
  4804: {
    bytes: 48,
    *run({ map }, r) {
      const read = yield* machVmRead(map, r.u64(32), r.u64(40));
      if (read.kr !== KERN_SUCCESS) return [read.kr];
      const { copy, size } = read;
      const copyOption = MACH_MSG_VIRTUAL_COPY;
      return {
        carried: [{ kind: "memory", copy, size, type: OOL_DESCRIPTOR, copyOption }],
        results: [size],
      };
    },
  },
  4806: {
    bytes: 64,
    carries: "memory",
    *run({ map }, r) {
      const { copy, size } = r.takeMemory();
      if (size !== r.u32(60)) {
        yield* vmMapCopyDiscard(copy);
        return [MIG_TYPE_ERROR];
      }
      return [yield* machVmWrite(map, r.u64(52), copy, rawU64(size))];
    },
  },
  4807: {
    bytes: 56,
    *run({ map }, r) {
      return [yield* machVmCopy(map, r.u64(32), r.u64(40), r.u64(48))];
    },
  },
  4808: {
    bytes: 56,
    *run({ map, current }, r) {
      const read = yield* machVmReadOverwrite(map, r.u64(32), r.u64(40), r.u64(48), current);
      return read.kr === KERN_SUCCESS ? [read.kr, BigInt(read.size)] : [read.kr];
    },
  },
  4809: {
    bytes: 52,
    *run({ map }, r) {
      return [yield* machVmMsync(map, r.u64(32), r.u64(40), r.u32(48))];
    },
  },
  4810: {
    bytes: 52,
    *run({ map }, r) {
      return [yield* machVmBehaviorSet(map, r.u64(32), r.u64(40), rawBehavior(r.u32(48)))];
    },
  },
  4811: {
    bytes: 100,
    carries: "port",
    *run(target, r) {
      const entry = entryOf(target, r);
      if (entry === KERN_INVALID_OBJECT) return [entry];
      const made = yield* machVmMap(target.map, {
        address: r.u64(48),
        size: r.u64(56),
        mask: r.u64(64),
        flags: r.u32(72),
        entry,
        offset: r.u64(76),
        copy: r.u32(84) !== 0,
        cur: rawProt(r.u32(88)),
        max: rawProt(r.u32(92)),
        inheritance: rawInherit(r.u32(96)),
      });
      if (entry !== null) yield* vmNamedEntryRelease(entry);
      return made.kr === KERN_SUCCESS ? [made.kr, BigInt(made.address)] : [made.kr];
    },
  },
  4812: {
    bytes: 56,
    run({ map }, r) {
      const kr = machVmMachineAttribute(map, r.u64(32), r.u64(40), r.u32(48));
      return kr === KERN_SUCCESS ? [kr, r.i32(52)] : [kr];
    },
  },
  4813: {
    bytes: 92,
    carries: "port",
    *run(target, r) {
      const made = yield* machVmRemap(target.map, remapArguments(target, r, 88));
      if (made.kr !== KERN_SUCCESS) return [made.kr];
      return [made.kr, BigInt(made.address), made.cur, made.max];
    },
  },
  4814: {
    bytes: 40,
    run({ map }, r) {
      const info = machVmPageQuery(map, r.u64(32));
      return info.kr === KERN_SUCCESS ? [info.kr, info.disposition, info.refCount] : [info.kr];
    },
  },
  4818: {
    bytes: 48,
    run({ map }, r) {
      const result = machVmPurgableControl(map, r.u64(32), r.u32(40), r.u32(44));
      return result.kr === KERN_SUCCESS ? [result.kr, result.state] : [result.kr];
    },
  },
  4821: {
    bytes: 100,
    carries: "port",
    *run(target, r) {
      const args = remapArguments(target, r, 96);
      const [cur, max] = [rawProt(r.u32(88)), rawProt(r.u32(92))];
      const made = yield* machVmRemapNew(target.map, args, cur, max);
      if (made.kr !== KERN_SUCCESS) return [made.kr];
      return [made.kr, BigInt(made.address), made.cur, made.max];
    },
  },
};
