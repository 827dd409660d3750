import { describe, expect, it } from "vitest";
import { machVmPageQuery, rawU64 } from "../../../vm/mach-vm.js";
import { vmkFlagsFixed } from "../../../vm/map/flags.js";
import {
  vmMapFork,
  VM_MAP_FORK_CORPSE_FOOTPRINT,
  VM_MAP_FORK_PRESERVE_PURGEABLE,
  VM_MAP_FORK_SHARE_IF_INHERIT_NONE,
  VM_MAP_FORK_SHARE_IF_OWNED,
} from "../../../vm/map/fork.js";
import type { VmMap } from "../../../vm/map/map.js";
import {
  VM_PAGE_QUERY_PAGE_DIRTY,
  VM_PAGE_QUERY_PAGE_PAGED_OUT,
  VM_PAGE_QUERY_PAGE_PRESENT,
  VM_PAGE_QUERY_PAGE_REF,
} from "../../../vm/map/page-info.js";
import {
  VM_PURGABLE_DENY,
  VM_PURGABLE_NONVOLATILE,
  vmOwnedLedger,
} from "../../../vm/object/index.js";
import {
  PMAP_QUERY_PAGE_COMPRESSED,
  PMAP_QUERY_PAGE_INTERNAL,
  PMAP_QUERY_PAGE_PRESENT,
} from "../../../vm/pmap/options.js";
import {
  KERN_SUCCESS,
  VM_INHERIT_NONE,
  VM_INHERIT_SHARE,
  VM_PROT_NONE,
  VM_PROT_READ,
  VM_PROT_WRITE,
} from "../../../vm/types.js";
import { PAGE, va, vmWorld, type VmWorld } from "../../support/vm-world.js";

const A = 0x100000;
const B = 0x200000;

function fork(w: VmWorld, map: VmMap, options: number): VmMap {
  const child = w.finish(vmMapFork(map, options, "child"));
  if (child === null) throw new Error("no child");
  w.maps.add(child);
  w.check();
  return child;
}

function withPurgeable(): { w: VmWorld; map: VmMap } {
  const w = vmWorld();
  const map = w.newMap();
  const flags = vmkFlagsFixed({ purgable: true });
  expect(w.allocateAt(map, A, 2 * PAGE, { flags })).toBe(KERN_SUCCESS);
  expect(w.allocateAt(map, B, 2 * PAGE)).toBe(KERN_SUCCESS);
  w.write(map, A, [1]);
  w.write(map, B, [2]);
  return { w, map };
}

describe("VM_MAP_FORK_SHARE_IF_OWNED", () => {
  it("shares memory that has an owner, who is charged for it alone, and copies the rest", () => {
    const { w, map } = withPurgeable();
    const child = fork(w, map, VM_MAP_FORK_SHARE_IF_OWNED);
    const object = w.objectAt(map, A);
    expect(w.objectAt(child, A)).toBe(object);
    expect(object.refCount).toBe(2);
    expect(object.owner).toBe(map.owningTask);
    expect([w.entryAt(child, A)?.isShared, w.entryAt(child, A)?.usePmap]).toEqual([true, false]);
    expect(w.entryAt(child, A)?.protection).toBe(VM_PROT_READ | VM_PROT_WRITE);
    w.write(child, A, [7]);
    expect(w.read(map, A, 1)).toEqual(Uint8Array.of(7));
    w.write(child, B, [8]);
    expect(w.read(map, B, 1)).toEqual(Uint8Array.of(2));
    expect(vmOwnedLedger(child.owningTask!).footprint).toBe(0);
    w.exit(map);
    expect(object.owner).toBe(w.system.kernelTask);
  });

  it("leaves out what is not inherited at all", () => {
    const { w, map } = withPurgeable();
    w.inherit(map, A, 2 * PAGE, VM_INHERIT_NONE);
    const child = fork(w, map, VM_MAP_FORK_SHARE_IF_OWNED);
    expect(w.entryAt(child, A)).toBe(null);
  });

  it("is not the same as VM_MAP_FORK_PRESERVE_PURGEABLE, which copies it, to the kernel", () => {
    const { w, map } = withPurgeable();
    const child = fork(w, map, VM_MAP_FORK_PRESERVE_PURGEABLE);
    const copy = w.objectAt(child, A);
    expect(copy).not.toBe(w.objectAt(map, A));
    expect(copy.purgable).toBe(VM_PURGABLE_NONVOLATILE);
    expect(copy.owner).toBe(w.system.kernelTask);
    expect(w.objectAt(child, B).purgable).toBe(VM_PURGABLE_DENY);
  });
});

describe("VM_MAP_FORK_SHARE_IF_INHERIT_NONE", () => {
  it("shares what could be read, for reading only", () => {
    const { w, map } = withPurgeable();
    w.inherit(map, B, 2 * PAGE, VM_INHERIT_NONE);
    expect(w.protect(map, B + PAGE, PAGE, VM_PROT_NONE)).toBe(KERN_SUCCESS);
    const child = fork(w, map, VM_MAP_FORK_SHARE_IF_INHERIT_NONE);
    const shared = w.entryAt(child, B);
    expect([shared?.protection, (shared?.maxProtection ?? 0) & VM_PROT_WRITE]).toEqual([
      VM_PROT_READ,
      0,
    ]);
    expect(w.read(child, B, 1)).toEqual(Uint8Array.of(2));
    expect(w.entryAt(child, B + PAGE)).toBe(null);
  });
});

describe("VM_MAP_FORK_CORPSE_FOOTPRINT", () => {
  it("writes down what the parent had in memory, in a map without a hole list", () => {
    const { w, map } = withPurgeable();
    w.inherit(map, B, 2 * PAGE, VM_INHERIT_NONE); // not in the corpse, but the task had it
    const child = fork(w, map, VM_MAP_FORK_CORPSE_FOOTPRINT);
    expect(child.holesListEnabled).toBe(false);
    const footprint = child.corpseFootprint!;
    const resident = PMAP_QUERY_PAGE_PRESENT | PMAP_QUERY_PAGE_INTERNAL;
    expect(footprint.query(va(B))).toBe(resident);
    expect(footprint.query(va(B + PAGE - 1))).toBe(resident);
    expect([B - PAGE, B + PAGE, B + 2 * PAGE, 0].map((at) => footprint.query(va(at)))).toEqual([
      0, 0, 0, 0,
    ]);
    expect(map.corpseFootprint).toBe(null);
    expect(fork(w, map, 0).corpseFootprint).toBe(null);
  });

  it("tells page by page what was resident and what compressed, whatever happened since", () => {
    const w = vmWorld();
    const map = w.newMap();
    w.allocateAt(map, A, 4 * PAGE);
    w.write(map, A, [1]);
    w.write(map, A + 2 * PAGE, [3]);
    w.pageout();
    w.pageout();
    w.write(map, A, [9]); // comes back; the third page stays compressed
    const child = fork(w, map, VM_MAP_FORK_CORPSE_FOOTPRINT);
    expect(child.corpseFootprint!.query(va(A + 2 * PAGE))).toBe(PMAP_QUERY_PAGE_COMPRESSED);
    expect(w.read(child, A + 2 * PAGE, 1)).toEqual(Uint8Array.of(3));
    w.exit(map);
    const query = (at: number): number => {
      const info = machVmPageQuery(child, rawU64(at));
      return info.kr === KERN_SUCCESS ? info.disposition : -info.kr;
    };
    const present = VM_PAGE_QUERY_PAGE_PRESENT | VM_PAGE_QUERY_PAGE_REF | VM_PAGE_QUERY_PAGE_DIRTY;
    expect([0, 1, 2, 3].map((i) => query(A + i * PAGE))).toEqual([
      present,
      0,
      VM_PAGE_QUERY_PAGE_PAGED_OUT,
      0,
    ]);
  });

  it("does not count what its owner is charged for", () => {
    const { w, map } = withPurgeable();
    const child = fork(w, map, VM_MAP_FORK_CORPSE_FOOTPRINT | VM_MAP_FORK_SHARE_IF_OWNED);
    const info = machVmPageQuery(child, rawU64(A));
    expect(info).toMatchObject({ kr: KERN_SUCCESS, disposition: 0, refCount: 2 });
  });
});

it("every combination of the options is known, and nothing else", () => {
  const { w, map } = withPurgeable();
  for (let options = 0; options < 16; options++) w.exit(fork(w, map, options));
  expect(w.run(vmMapFork(map, 0x10))).toBe(null);
  expect(w.entryAt(map, B)?.inheritance).not.toBe(VM_INHERIT_SHARE);
});
