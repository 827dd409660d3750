import { beforeEach, describe, expect, it } from "vitest";
import {
  machMakeMemoryEntry64,
  machVmAllocate,
  machVmBehaviorSet,
  machVmCopy,
  machVmDeallocate,
  machVmInherit,
  machVmMachineAttribute,
  machVmMap,
  machVmMsync,
  machVmPageQuery,
  machVmPageRangeQuery,
  machVmProtect,
  machVmPurgableControl,
  machVmRead,
  machVmReadOverwrite,
  machVmRegion,
  machVmRemap,
  machVmRemapNew,
  machVmWire,
  rawBehavior,
  rawInherit,
  rawProt,
  rawU64,
  VM_REGION_BASIC_INFO_64,
} from "../../../vm/mach-vm.js";
import { vmMapReadUser, vmMapWriteUser } from "../../../vm/copyio.js";
import type { Blocking } from "../../../vm/blocking.js";
import { vmMapCopyin } from "../../../vm/map/copyin.js";
import { vmMapCopyDiscard, type VmMapCopy } from "../../../vm/map/copy.js";
import { MATTR_CACHE, MATTR_MIGRATE } from "../../../vm/map/machine-attribute.js";
import { vmMapUnwire } from "../../../vm/map/unwire.js";
import { vmMapWire } from "../../../vm/map/wire.js";
import {
  KERN_FAILURE,
  KERN_INVALID_ADDRESS,
  KERN_INVALID_ARGUMENT,
  KERN_INVALID_HOST,
  KERN_INVALID_TASK,
  KERN_INVALID_VALUE,
  KERN_NO_SPACE,
  KERN_PROTECTION_FAILURE,
  KERN_SUCCESS,
  MACH_VM_MAX_ADDRESS,
  VM_FLAGS_ANYWHERE,
  VM_FLAGS_FIXED,
  VM_PROT_READ,
  VM_SYNC_ASYNCHRONOUS,
  VM_SYNC_CONTIGUOUS,
  VM_SYNC_SYNCHRONOUS,
  type KernReturn,
  type RawU64,
} from "../../../vm/types.js";
import { PAGE } from "../../support/vm-world.js";
import { machWorld, type MachWorld } from "../map/mach-world.js";

/** What each call answers to arguments that are not what they should be, a row for each call. */
const A = 0x100000;
const HOLE = 0x800000;
const BAD_ADDRESS = KERN_INVALID_ADDRESS;
const BAD_ARGUMENT = KERN_INVALID_ARGUMENT;
const OK = KERN_SUCCESS;

/** Ranges by what is wrong with them: address, size. */
const RANGES = {
  /** No bytes, of mapped memory. */
  zero: [A, 0],
  /** An odd start and size inside one mapped page. */
  odd: [A + 3, 5],
  /** The sum wraps. */
  sum: [0xffff_ffff_ffff_0000n, 0x20000],
  /** The sum fits, but rounding it up wraps; not from page 0. */
  rounding: [A, 0xffff_ffff_ffff_fff0n - BigInt(A)],
  /** All of it above the map. */
  above: [MACH_VM_MAX_ADDRESS, PAGE],
  /** Inside the map, not mapped. */
  hole: [HOLE, PAGE],
} as const satisfies Record<string, readonly [number | bigint, number | bigint]>;
type Column = keyof typeof RANGES;

interface Call {
  readonly name: string;
  readonly call: (m: MachWorld, address: RawU64, size: RawU64) => KernReturn;
  readonly answers: Readonly<Record<Column, KernReturn>>;
}

const NONE = rawU64(0);
const SCRATCH = rawU64(0x200000);
const run = (m: MachWorld, work: Blocking<KernReturn>): KernReturn => m.w.run(work);

/** Run a call that makes a copy, and let go of it. */
function copied(
  m: MachWorld,
  work: Blocking<{ readonly kr: KernReturn } & { readonly copy?: VmMapCopy | null }>,
): KernReturn {
  const made = m.w.finish(work);
  m.w.run(vmMapCopyDiscard(made.copy ?? null));
  return made.kr;
}

function end(address: RawU64, size: RawU64): RawU64 {
  return rawU64(BigInt(String(address)) + BigInt(String(size)));
}

function row(
  name: string,
  call: Call["call"],
  ...[zero, odd, sum, rounding, above, hole]: readonly [
    KernReturn,
    KernReturn,
    KernReturn,
    KernReturn,
    KernReturn,
    KernReturn,
  ]
): Call {
  return { name, call, answers: { zero, odd, sum, rounding, above, hole } };
}

const mapArguments = (address: RawU64, size: RawU64, flags: number) => ({
  address,
  size,
  mask: NONE,
  flags,
  entry: null,
  offset: NONE,
  copy: false,
  cur: rawProt(3),
  max: rawProt(3),
  inheritance: rawInherit(1),
});

const remapArguments = (m: MachWorld, address: RawU64, size: RawU64) => ({
  address: rawU64(0x1000_0000),
  size,
  mask: NONE,
  flags: VM_FLAGS_FIXED,
  sourceMap: m.map,
  sourceAddress: address,
  copy: false,
  inheritance: rawInherit(1),
});

const S = OK;
const CALLS: readonly Call[] = [
  // prettier-ignore
  row("mach_vm_allocate, fixed", (m, a, s) => m.w.run(machVmAllocate(m.map, a, s, 0)).kr,
    S, KERN_NO_SPACE, BAD_ADDRESS, BAD_ADDRESS, BAD_ADDRESS, S),
  // prettier-ignore
  row("mach_vm_allocate, anywhere",
    (m, a, s) => m.w.run(machVmAllocate(m.map, a, s, VM_FLAGS_ANYWHERE)).kr,
    S, S, S, KERN_NO_SPACE, S, S), // the address is not looked at
  // prettier-ignore
  row("mach_vm_deallocate", (m, a, s) => run(m, machVmDeallocate(m.map, a, s)),
    S, S, BAD_ARGUMENT, BAD_ARGUMENT, S, S),
  // prettier-ignore
  row("mach_vm_protect", (m, a, s) => run(m, machVmProtect(m.map, a, s, false, rawProt(1))),
    S, S, BAD_ARGUMENT, BAD_ARGUMENT, BAD_ADDRESS, BAD_ADDRESS),
  // prettier-ignore
  row("mach_vm_inherit", (m, a, s) => machVmInherit(m.map, a, s, rawInherit(1)),
    S, S, BAD_ARGUMENT, BAD_ARGUMENT, S, S),
  // prettier-ignore
  row("mach_vm_behavior_set", (m, a, s) => run(m, machVmBehaviorSet(m.map, a, s, rawBehavior(0))),
    S, S, BAD_ARGUMENT, KERN_NO_SPACE, KERN_NO_SPACE, BAD_ADDRESS),
  // prettier-ignore
  row("mach_vm_machine_attribute", (m, a, s) => machVmMachineAttribute(m.map, a, s, MATTR_CACHE),
    S, S, BAD_ARGUMENT, BAD_ADDRESS, BAD_ADDRESS, KERN_FAILURE),
  // prettier-ignore
  row("mach_vm_msync", (m, a, s) => run(m, machVmMsync(m.map, a, s, VM_SYNC_SYNCHRONOUS)),
    S, S, BAD_ADDRESS, BAD_ADDRESS, S, S),
  // prettier-ignore
  row("mach_vm_msync, contiguous",
    (m, a, s) => run(m, machVmMsync(m.map, a, s, VM_SYNC_SYNCHRONOUS | VM_SYNC_CONTIGUOUS)),
    S, S, BAD_ADDRESS, BAD_ADDRESS, BAD_ADDRESS, BAD_ADDRESS),
  // prettier-ignore
  row("mach_vm_wire", (m, a, s) => run(m, machVmWire(true, m.map, a, s, rawProt(1))),
    S, S, BAD_ARGUMENT, BAD_ARGUMENT, S, BAD_ADDRESS),
  // prettier-ignore
  row("mach_vm_wire, unwiring", (m, a, s) => run(m, machVmWire(true, m.map, a, s, rawProt(0))),
    S, S, BAD_ARGUMENT, BAD_ARGUMENT, S, BAD_ADDRESS),
  // prettier-ignore
  row("vm_map_wire", (m, a, s) => run(m, vmMapWire(m.map, a, end(a, s), rawProt(1), true)),
    S, S, BAD_ARGUMENT, BAD_ARGUMENT, S, BAD_ADDRESS),
  // prettier-ignore
  row("vm_map_unwire", (m, a, s) => run(m, vmMapUnwire(m.map, a, end(a, s), true)),
    S, S, BAD_ARGUMENT, BAD_ARGUMENT, S, BAD_ADDRESS),
  // prettier-ignore
  row("vm_map_copyin", (m, a, s) => copied(m, vmMapCopyin(m.map, a, s, false)),
    S, S, BAD_ADDRESS, BAD_ADDRESS, BAD_ADDRESS, BAD_ADDRESS),
  // prettier-ignore
  row("mach_vm_read", (m, a, s) => copied(m, machVmRead(m.map, a, s)),
    S, S, BAD_ADDRESS, BAD_ARGUMENT, BAD_ADDRESS, BAD_ADDRESS), // 4 GiB is the most
  // prettier-ignore
  row("mach_vm_copy, source", (m, a, s) => run(m, machVmCopy(m.map, a, s, SCRATCH)),
    S, S, BAD_ADDRESS, BAD_ADDRESS, BAD_ADDRESS, BAD_ADDRESS),
  // prettier-ignore
  row("mach_vm_read_overwrite, source",
    (m, a, s) => m.w.run(machVmReadOverwrite(m.map, a, s, SCRATCH, m.map)).kr,
    S, S, BAD_ADDRESS, BAD_ADDRESS, BAD_ADDRESS, BAD_ADDRESS),
  // prettier-ignore
  row("mach_vm_map, fixed",
    (m, a, s) => m.w.run(machVmMap(m.map, mapArguments(a, s, VM_FLAGS_FIXED))).kr,
    BAD_ARGUMENT, KERN_NO_SPACE, BAD_ARGUMENT, BAD_ARGUMENT, BAD_ADDRESS, S),
  // prettier-ignore
  row("mach_vm_map, anywhere",
    (m, a, s) => m.w.run(machVmMap(m.map, mapArguments(a, s, VM_FLAGS_ANYWHERE))).kr,
    BAD_ARGUMENT, S, KERN_NO_SPACE, KERN_NO_SPACE, KERN_NO_SPACE, S), // no room above the hint
  // prettier-ignore
  row("mach_vm_remap, source", (m, a, s) => m.w.run(machVmRemap(m.map, remapArguments(m, a, s))).kr,
    BAD_ARGUMENT, S, BAD_ARGUMENT, BAD_ARGUMENT, BAD_ADDRESS, BAD_ADDRESS),
  // prettier-ignore
  row("mach_vm_remap_new, source",
    (m, a, s) =>
      m.w.run(machVmRemapNew(m.map, remapArguments(m, a, s), rawProt(1), rawProt(1))).kr,
    BAD_ARGUMENT, S, BAD_ARGUMENT, BAD_ARGUMENT, BAD_ADDRESS, BAD_ADDRESS),
  // prettier-ignore
  row("mach_vm_page_range_query",
    (m, a, s) => machVmPageRangeQuery(m.map, a, s, NONE, rawU64(1)).kr,
    S, S, BAD_ARGUMENT, BAD_ARGUMENT, S, S),
  // prettier-ignore
  row("mach_make_memory_entry_64, sharing",
    (m, a, s) => share(m, a, s),
    BAD_ARGUMENT, S, BAD_ARGUMENT, BAD_ARGUMENT, BAD_ADDRESS, BAD_ADDRESS),
];

function share(m: MachWorld, address: RawU64, size: RawU64): KernReturn {
  const made = m.w.finish(machMakeMemoryEntry64(m.map, size, address, rawProt(3), null));
  const backing = made.entry?.backing;
  if (backing?.kind === "object") m.w.objects.add(backing.object);
  m.w.check();
  return made.kr;
}

describe.each(CALLS)("$name", ({ call, answers }) => {
  let m: MachWorld;
  beforeEach(() => {
    m = machWorld();
    m.fixed(A, PAGE);
    m.fixed(0x200000, PAGE);
  });

  it.each(Object.keys(RANGES) as Column[])("%s", (column) => {
    const [address, size] = RANGES[column];
    expect(call(m, rawU64(address), rawU64(size))).toBe(answers[column]);
  });
});

describe("without a map", () => {
  const run0 = (work: Blocking<{ kr: KernReturn }>): KernReturn => machWorld().w.run(work).kr;
  const [a, s] = [rawU64(A), rawU64(PAGE)];

  it("a call has a bad argument, wiring and syncing a bad task", () => {
    const m = machWorld();
    expect(run0(machVmAllocate(null, a, s, 0))).toBe(BAD_ARGUMENT);
    expect(run(m, machVmDeallocate(null, a, s))).toBe(BAD_ARGUMENT);
    expect(run(m, machVmProtect(null, a, s, false, rawProt(1)))).toBe(BAD_ARGUMENT);
    expect(machVmInherit(null, a, s, rawInherit(1))).toBe(BAD_ARGUMENT);
    expect(run(m, machVmBehaviorSet(null, a, s, rawBehavior(0)))).toBe(BAD_ARGUMENT);
    expect(machVmMachineAttribute(null, a, s, MATTR_MIGRATE)).toBe(BAD_ARGUMENT);
    expect(machVmPurgableControl(null, a, 1, 0).kr).toBe(BAD_ARGUMENT);
    expect(machVmPageQuery(null, a).kr).toBe(BAD_ARGUMENT);
    expect(machVmRegion(null, a, VM_REGION_BASIC_INFO_64, 9).kr).toBe(BAD_ARGUMENT);
    expect(run(m, machVmCopy(null, a, s, a))).toBe(BAD_ARGUMENT);
    expect(run(m, machVmMsync(null, a, s, 0))).toBe(KERN_INVALID_TASK);
    expect(run(m, machVmWire(true, null, a, s, rawProt(1)))).toBe(KERN_INVALID_TASK);
    expect(run(m, machVmWire(false, m.map, a, s, rawProt(1)))).toBe(KERN_INVALID_HOST);
    const made = m.w.run(machMakeMemoryEntry64(null, s, a, rawProt(1), null));
    expect(made.kr).toBe(KERN_INVALID_TASK);
  });
});

describe("bits nobody knows", () => {
  const [a, s] = [rawU64(A), rawU64(PAGE)];
  let m: MachWorld;
  beforeEach(() => {
    m = machWorld();
    m.fixed(A, PAGE);
  });

  it("in flags", () => {
    expect(m.w.run(machVmAllocate(m.map, a, s, 0x20)).kr).toBe(BAD_ARGUMENT);
    expect(m.w.run(machVmMap(m.map, mapArguments(a, s, 0x20))).kr).toBe(BAD_ARGUMENT);
    const odd = { ...remapArguments(m, a, s), flags: 0x80 };
    expect(m.w.run(machVmRemap(m.map, odd)).kr).toBe(BAD_ARGUMENT);
    const both = VM_SYNC_SYNCHRONOUS | VM_SYNC_ASYNCHRONOUS;
    expect(run(m, machVmMsync(m.map, a, s, both))).toBe(BAD_ARGUMENT);
    const entry = m.w.run(machMakeMemoryEntry64(m.map, s, a, rawProt(0x1000), null));
    expect(entry.kr).toBe(KERN_INVALID_VALUE);
  });

  it("in rights, inheritance and behaviour", () => {
    expect(run(m, machVmProtect(m.map, a, s, false, rawProt(0x20)))).toBe(BAD_ARGUMENT);
    expect(machVmInherit(m.map, a, s, rawInherit(3))).toBe(BAD_ARGUMENT);
    expect(run(m, machVmBehaviorSet(m.map, a, s, rawBehavior(13)))).toBe(BAD_ARGUMENT);
    expect(run(m, machVmWire(true, m.map, a, s, rawProt(8)))).toBe(BAD_ARGUMENT);
    const remapped = m.w.run(
      machVmRemapNew(m.map, remapArguments(m, a, s), rawProt(VM_PROT_READ), rawProt(6)),
    );
    expect(remapped.kr).toBe(BAD_ARGUMENT);
    const code = machVmRemapNew(m.map, remapArguments(m, a, s), rawProt(7), rawProt(7));
    expect(m.w.run(code).kr).toBe(KERN_PROTECTION_FAILURE);
  });
});

describe("kernel access to a task's memory", () => {
  it("calls everything a bad address, and no bytes a success", () => {
    const m = machWorld();
    const bytes = new Uint8Array(8);
    for (const at of [HOLE, MACH_VM_MAX_ADDRESS, 0xffff_ffff_ffff_fffcn, 2n ** 48n - 4n]) {
      expect(run(m, vmMapReadUser(m.map, rawU64(at), bytes))).toBe(BAD_ADDRESS);
      expect(run(m, vmMapWriteUser(m.map, rawU64(at), bytes))).toBe(BAD_ADDRESS);
      expect(run(m, vmMapReadUser(m.map, rawU64(at), bytes.subarray(8)))).toBe(OK);
    }
  });
});
