import { describe, expect, it } from "vitest";
import {
  machVmPageInfo,
  machVmPageQuery,
  machVmPageRangeQuery,
  machVmRegion,
  machVmRegionRecurse,
  rawU64,
  VM_REGION_BASIC_INFO,
  VM_REGION_BASIC_INFO_64,
  VM_REGION_EXTENDED_INFO,
  VM_REGION_TOP_INFO,
  vmRegion,
  vmRegionRecurse,
} from "../../../vm/mach-vm.js";
import { vmMapEnter } from "../../../vm/map/enter.js";
import { vmkFlagsFixed } from "../../../vm/map/flags.js";
import { vmMapCreate } from "../../../vm/map/lifecycle.js";
import {
  VM_PAGE_QUERY_PAGE_PAGED_OUT,
  VM_PAGE_QUERY_PAGE_PRESENT,
} from "../../../vm/map/page-info.js";
import { vmMapRegionAt, vmMapRegions } from "../../../vm/map/region.js";
import { SM_COW, SM_EMPTY, SM_PRIVATE, SM_SHARED } from "../../../vm/map/region-walk.js";
import {
  KERN_INVALID_ADDRESS,
  KERN_INVALID_ARGUMENT,
  KERN_SUCCESS,
  VM_INHERIT_SHARE,
  VM_PROT_READ,
  vmMakeTag,
} from "../../../vm/types.js";
import { PAGE, va } from "../../support/vm-world.js";
import { machWorld, type MachWorld } from "./mach-world.js";

const A = 0x10000;

function region(m: MachWorld, address: number | bigint, flavor: number, count = 100): unknown {
  return machVmRegion(m.map, rawU64(address), flavor, count);
}

describe("mach_vm_region", () => {
  it("finds the entry at the address or the next one above", () => {
    const m = machWorld();
    m.fixed(A, 2 * PAGE);
    const at = { kr: KERN_SUCCESS, address: A, size: 2 * PAGE };
    expect(region(m, A + PAGE + 5, VM_REGION_BASIC_INFO_64)).toMatchObject(at);
    expect(region(m, 0, VM_REGION_BASIC_INFO_64)).toMatchObject(at);
    expect(region(m, A + 2 * PAGE, 9)).toEqual({ kr: KERN_INVALID_ADDRESS });
    expect(region(m, 0xffff_fe00_0000_0000n, 9)).toEqual({ kr: KERN_INVALID_ADDRESS });
  });

  it("wants a map, a known flavour and enough room", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    expect(machVmRegion(null, rawU64(0), 9, 9).kr).toBe(KERN_INVALID_ARGUMENT);
    expect(region(m, A, 8)).toEqual({ kr: KERN_INVALID_ARGUMENT });
    expect(region(m, A, VM_REGION_BASIC_INFO_64, 8)).toEqual({ kr: KERN_INVALID_ARGUMENT });
    expect(region(m, A, VM_REGION_BASIC_INFO, 9)).toMatchObject({ flavor: "basic", count: 9 });
    expect(region(m, A, VM_REGION_EXTENDED_INFO, 8)).toEqual({ kr: KERN_INVALID_ARGUMENT });
    expect(region(m, A, VM_REGION_TOP_INFO, 5)).toMatchObject({ flavor: "top", count: 5 });
  });

  it("counts what the compressor has as swapped out, and page queries as paged out", () => {
    const m = machWorld();
    m.fixed(A, 4 * PAGE);
    m.w.write(m.map, A, [1]);
    m.w.write(m.map, A + PAGE, [2]);
    m.w.pageout();
    m.w.pageout();
    m.w.write(m.map, A, [3]);
    const counts = { pagesResident: 1, pagesSwappedOut: 1, pagesDirtied: 1 };
    expect(region(m, A, VM_REGION_EXTENDED_INFO)).toMatchObject({ info: counts });
    const recursed = machVmRegionRecurse(m.map, rawU64(A), 0, 19);
    expect(recursed).toMatchObject({ info: counts });
    const pages = [0, 1, 2].map((i) => machVmPageQuery(m.map, rawU64(A + i * PAGE)));
    const dispositions = pages.map((page) => ("disposition" in page ? page.disposition : -1));
    expect(dispositions[0]! & (VM_PAGE_QUERY_PAGE_PRESENT | VM_PAGE_QUERY_PAGE_PAGED_OUT)).toBe(
      VM_PAGE_QUERY_PAGE_PRESENT,
    );
    expect(dispositions.slice(1)).toEqual([VM_PAGE_QUERY_PAGE_PAGED_OUT, 0]);
    // A copy that was never written shows it as well.
    const child = m.w.fork(m.map);
    expect(machVmPageQuery(child, rawU64(A + PAGE))).toMatchObject({
      disposition: VM_PAGE_QUERY_PAGE_PAGED_OUT,
    });
  });

  it("describes an entry", () => {
    const m = machWorld();
    m.fixed(A, PAGE, vmMakeTag(200));
    m.wire(A, PAGE);
    expect(region(m, A, VM_REGION_BASIC_INFO_64)).toMatchObject({
      info: {
        protection: 3,
        maxProtection: 7,
        inheritance: 1,
        shared: false,
        reserved: false,
        offset: 0,
        behavior: 0,
        userWiredCount: 1,
      },
    });
  });

  it("counts pages and names the share mode", () => {
    const m = machWorld();
    const shareOf = (): unknown => region(m, A, VM_REGION_EXTENDED_INFO);
    m.fixed(A, 2 * PAGE, vmMakeTag(200));
    expect(shareOf()).toMatchObject({ info: { shareMode: SM_EMPTY, refCount: 0, userTag: 200 } });
    m.w.write(m.map, A, [1]);
    m.w.touch(m.map, A + PAGE, VM_PROT_READ);
    expect(shareOf()).toMatchObject({
      info: { shareMode: SM_PRIVATE, refCount: 1, pagesResident: 2, shadowDepth: 0 },
    });
    const child = m.w.fork(m.map);
    expect(shareOf()).toMatchObject({ info: { shareMode: SM_COW, refCount: 2 } });
    m.w.write(m.map, A, [2]);
    expect(shareOf()).toMatchObject({
      info: { shareMode: SM_COW, refCount: 2, shadowDepth: 1, pagesResident: 2 },
    });
    m.w.exit(child);
  });

  it("tells memory shared by a fork from private memory", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    m.inherit(A, PAGE, VM_INHERIT_SHARE);
    m.w.fork(m.map);
    expect(region(m, A, VM_REGION_BASIC_INFO_64)).toMatchObject({ info: { shared: true } });
    expect(region(m, A, VM_REGION_EXTENDED_INFO)).toMatchObject({
      info: { shareMode: SM_SHARED, refCount: 2 },
    });
    expect(region(m, A, VM_REGION_TOP_INFO)).toMatchObject({
      info: { shareMode: SM_SHARED, refCount: 2, sharedPagesResident: 0 },
    });
  });
});

describe("submaps", () => {
  function withSubmap(): MachWorld {
    const m = machWorld();
    const submap = vmMapCreate(m.w.system, null, va(0), va(16 * PAGE));
    const enter = { address: va(2 * PAGE), size: 2 * PAGE, flags: vmkFlagsFixed() };
    expect(m.w.run(vmMapEnter(submap, enter)).kr).toBe(KERN_SUCCESS);
    const entered = m.w.run(
      vmMapEnter(m.map, {
        address: va(A),
        size: 3 * PAGE,
        flags: vmkFlagsFixed(),
        submap,
        offset: PAGE,
        cur: VM_PROT_READ,
        needsCopy: false,
      }),
    );
    expect(entered.kr).toBe(KERN_SUCCESS);
    return m;
  }

  it("are reported as such, or looked into", () => {
    const m = withSubmap();
    expect(region(m, A, VM_REGION_BASIC_INFO_64)).toMatchObject({
      address: A,
      size: 3 * PAGE,
      info: { reserved: true, shared: false },
    });
    const recurse = (at: number, depth: number, count = 19): unknown =>
      machVmRegionRecurse(m.map, rawU64(at), depth, count);
    expect(recurse(A, 0)).toMatchObject({ address: A, depth: 0, info: { isSubmap: true } });
    expect(recurse(A, 5)).toMatchObject({
      address: A + PAGE,
      size: 2 * PAGE,
      depth: 1,
      count: 19,
      info: { isSubmap: false, protection: 3 },
    });
    expect(recurse(A, 1, 18)).toMatchObject({ count: 17 });
    expect(recurse(A, 1, 12)).toMatchObject({ count: 12, info: { pagesResident: 0 } });
    expect(recurse(A, 1, 11)).toEqual({ kr: KERN_INVALID_ARGUMENT });
    expect(recurse(A + 3 * PAGE, 1)).toEqual({ kr: KERN_INVALID_ADDRESS });
  });
});

describe("mach_vm_page_query", () => {
  it("knows resident, dirty and copied pages, and nothing of what is not mapped", () => {
    const m = machWorld();
    m.fixed(A, 2 * PAGE);
    const query = (at: number | bigint): unknown => machVmPageQuery(m.map, rawU64(at));
    expect(query(A)).toEqual({ kr: KERN_SUCCESS, disposition: 0, refCount: 0 });
    m.w.write(m.map, A, [1]);
    expect(query(A + 5)).toEqual({ kr: KERN_SUCCESS, disposition: 0x1 | 0x4 | 0x8, refCount: 1 });
    expect(query(A + 2 * PAGE)).toEqual({ kr: KERN_SUCCESS, disposition: 0, refCount: 0 });
    expect(query(0xffff_ffff_ffff_ffffn)).toEqual({ kr: KERN_INVALID_ADDRESS });
    m.w.write(m.map, A + PAGE, [1]); // so that the object below stays needed
    const child = m.w.fork(m.map);
    m.w.write(m.map, A, [2]);
    expect(query(A)).toEqual({ kr: KERN_SUCCESS, disposition: 0x2d, refCount: 1 });
    m.w.exit(child);
  });

  it("reports the offset within the page, for two sizes of answer", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    m.w.write(m.map, A, [1]);
    const info = machVmPageInfo(m.map, rawU64(A + 5), 1, 8);
    expect(info).toMatchObject({ kr: KERN_SUCCESS, offset: 5, depth: 0, refCount: 1 });
    expect(machVmPageInfo(m.map, rawU64(A), 1, 6).kr).toBe(KERN_INVALID_ARGUMENT);
    expect(machVmPageInfo(m.map, rawU64(A), 2, 8).kr).toBe(KERN_INVALID_ARGUMENT);
  });

  it("answers for a range", () => {
    const m = machWorld();
    m.fixed(A, 2 * PAGE);
    m.w.write(m.map, A + PAGE, [1]);
    const query = (size: number | bigint, count: number | bigint): unknown =>
      machVmPageRangeQuery(m.map, rawU64(A), rawU64(size), rawU64(0x1000), rawU64(count));
    const pages = (...values: number[]): unknown => ({
      kr: KERN_SUCCESS,
      dispositions: new Int32Array(values),
    });
    expect(query(3 * PAGE, 10)).toEqual(pages(0, 0xd, 0));
    expect(query(3 * PAGE, 2)).toEqual(pages(0, 0xd));
    expect(query(0, 2)).toEqual(pages());
    expect(query(PAGE, 0)).toEqual(pages());
    expect(query(PAGE, 2n ** 62n)).toEqual({ kr: KERN_INVALID_ARGUMENT });
  });
});

describe("lists for people", () => {
  it("show every entry in order", () => {
    const m = machWorld();
    m.fixed(A, 2 * PAGE);
    m.w.write(m.map, A, [1]);
    m.protect(A + PAGE, PAGE, VM_PROT_READ);
    const [low, high] = vmMapRegions(m.map);
    expect(low).toMatchObject({ start: A, end: A + PAGE, residentPages: 1, shareMode: "P/A" });
    expect(high).toMatchObject({ start: A + PAGE, protection: 1, residentPages: 0, pager: null });
    expect(low?.objectId).toBe(high?.objectId);
    expect(vmMapRegionAt(m.map, va(A + 3))?.start).toBe(A);
    expect(vmMapRegionAt(m.map, va(A + 2 * PAGE))).toBe(null);
  });
});

describe("regions for programs with 32-bit addresses", () => {
  it("end where they can be named, and the basic answer has a word less", () => {
    const m = machWorld();
    m.fixed(0x8000_0000, PAGE);
    m.fixed(0x1_0000_0000, PAGE);
    const low = vmRegion(m.map, rawU64(0), VM_REGION_BASIC_INFO, 8);
    expect(low).toMatchObject({ kr: KERN_SUCCESS, address: 0x8000_0000, count: 8 });
    expect(vmRegion(m.map, rawU64(0), VM_REGION_BASIC_INFO, 7).kr).toBe(KERN_INVALID_ARGUMENT);
    expect(vmRegion(m.map, rawU64(0), VM_REGION_BASIC_INFO_64, 8).kr).toBe(KERN_INVALID_ARGUMENT);
    const high = rawU64(0x9000_0000);
    expect(vmRegion(m.map, high, VM_REGION_BASIC_INFO, 8).kr).toBe(KERN_INVALID_ADDRESS);
    expect(vmRegionRecurse(m.map, high, 0, 19).kr).toBe(KERN_INVALID_ADDRESS);
    expect(machVmRegion(m.map, high, VM_REGION_BASIC_INFO_64, 9).kr).toBe(KERN_SUCCESS);
  });

  it("are asked about in pages of the map's size only", () => {
    const m = machWorld();
    m.fixed(0x10000, PAGE);
    const query = (shift: number): number =>
      machVmPageRangeQuery(m.map, rawU64(0x10000), rawU64(PAGE), rawU64(0), rawU64(1), shift).kr;
    expect(query(14)).toBe(KERN_SUCCESS);
    expect(query(12)).toBe(KERN_INVALID_ARGUMENT);
  });
});
