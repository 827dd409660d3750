import type { Blocking } from "../../../vm/blocking.js";
import {
  machVmAllocate,
  machVmBehaviorSet,
  machVmCopy,
  machVmDeallocate,
  machVmInherit,
  machVmMachineAttribute,
  machVmMsync,
  machVmPageQuery,
  machVmProtect,
  machVmPurgableControl,
  machVmReadOverwrite,
  machVmRemap,
  machVmRemapNew,
  rawBehavior,
  rawInherit,
  rawProt,
  rawU64,
  type RemapArguments,
} from "../../../vm/mach-vm.js";
import type { VmMap } from "../../../vm/map/map.js";
import { KERN_SUCCESS, type RawU64 } from "../../../vm/types.js";
import type { DarwinCall } from "./call.js";

/** What the stub of a routine says when it cannot read the request (mach/mig_errors.h). */
const MIG_BAD_ID = -303;
const MIG_BAD_ARGUMENTS = -304;

const HEADER_BYTES = 24;
const NDR_BYTES = 8;
/** Of a request with one port descriptor: the count of descriptors, the descriptor, the NDR record. */
const PORT_AT = 28;
const COMPLEX = 0x8000_0000;
const MSGH_BITS_REPLY = 18 << 8; // local: the send-once right that was used up

/** The inline arguments of a request, read at their offsets. */
class Request {
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  u64(at: number): RawU64 {
    return rawU64(this.#view.getBigUint64(at, true));
  }

  u32(at: number): number {
    return this.#view.getUint32(at, true);
  }

  i32(at: number): number {
    return this.#view.getInt32(at, true);
  }
}

/** A return code, and the words of the results after it: numbers take four bytes, bigints eight. */
type Answer = readonly [kr: number, ...results: (number | bigint)[]];

interface Routine {
  /** Of the whole request. */
  readonly bytes: number;
  /** The request carries one port. */
  readonly port?: boolean;
  readonly run: (target: Target, r: Request) => Answer | Blocking<Answer>;
}

/** Whom a request is about: the map behind its port, the caller's own, and a map a port names. */
interface Target {
  readonly map: VmMap;
  readonly current: VmMap;
  mapOf(name: number): VmMap | null;
}

function remapArguments(target: Target, r: Request, inheritAt: number): RemapArguments {
  return {
    address: r.u64(48),
    size: r.u64(56),
    mask: r.u64(64),
    flags: r.u32(72),
    sourceMap: target.mapOf(r.u32(PORT_AT)),
    sourceAddress: r.u64(76),
    copy: r.u32(84) !== 0,
    inheritance: rawInherit(r.u32(inheritAt)),
  };
}

/**
 * The routines of subsystem mach_vm that libsyscall sends as messages, by message id. Those that
 * move memory out of line are not served. XNU: mach/mach_vm.defs.
 */
const ROUTINES: Readonly<Partial<Record<number, Routine>>> = {
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
  4812: {
    bytes: 56,
    run({ map }, r) {
      const kr = machVmMachineAttribute(map, r.u64(32), r.u64(40), r.u32(48));
      return kr === KERN_SUCCESS ? [kr, r.i32(52)] : [kr];
    },
  },
  4813: {
    bytes: 92,
    port: true,
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
    port: true,
    *run(target, r) {
      const args = remapArguments(target, r, 96);
      const [cur, max] = [rawProt(r.u32(88)), rawProt(r.u32(92))];
      const made = yield* machVmRemapNew(target.map, args, cur, max);
      if (made.kr !== KERN_SUCCESS) return [made.kr];
      return [made.kr, BigInt(made.address), made.cur, made.max];
    },
  },
};

/** Ids of subsystem mach_vm. */
export function isMachVmRequest(id: number): boolean {
  return id >= 4800 && id < 4900;
}

/**
 * Serve a request to a task's port. XNU: mach_vm_server, called by ipc_kobject_server.
 * @param request the whole message
 * @param replyName where the reply goes in the sender's names
 * @returns the whole reply: the results, or only a code where there are none
 */
export function* machVmServer(
  c: DarwinCall,
  map: VmMap,
  request: Uint8Array,
  replyName: number,
): Blocking<Uint8Array> {
  const r = new Request(request);
  const id = r.i32(20);
  const routine = ROUTINES[id];
  if (routine === undefined) return reply(id, replyName, [MIG_BAD_ID]);
  const complex = (r.u32(0) & COMPLEX) !== 0;
  const shape = request.length === routine.bytes && complex === (routine.port ?? false);
  if (!shape || (complex && r.u32(HEADER_BYTES) !== 1)) {
    return reply(id, replyName, [MIG_BAD_ARGUMENTS]);
  }
  const target: Target = {
    map,
    current: c.task.map,
    mapOf(name) {
      const port = c.state.ports.send(name);
      return typeof port !== "number" && port.kind === "task" ? port.task.map : null;
    },
  };
  const answer = routine.run(target, r);
  return reply(id, replyName, "next" in answer ? yield* answer : answer);
}

function reply(id: number, replyName: number, [kr, ...results]: Answer): Uint8Array {
  const size = HEADER_BYTES + NDR_BYTES + 4;
  const bytes = new Uint8Array(
    results.reduce<number>((sum, word) => sum + (typeof word === "bigint" ? 8 : 4), size),
  );
  const view = new DataView(bytes.buffer);
  const header = [MSGH_BITS_REPLY, bytes.length, 0, replyName, 0, id + 100, 0, 1, kr];
  header.forEach((word, i) => {
    view.setInt32(4 * i, word, true);
  });
  let at = size;
  for (const word of results) {
    if (typeof word === "bigint") view.setBigUint64(at, BigInt.asUintN(64, word), true);
    else view.setInt32(at, word, true);
    at += typeof word === "bigint" ? 8 : 4;
  }
  return bytes;
}
