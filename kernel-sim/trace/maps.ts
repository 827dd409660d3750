import { hexVa } from "../../emulator/arch/hex.js";
import { vmMapRegions, type RegionInfo } from "../../vm/map/region.js";
import {
  PAGE_SIZE,
  protString,
  VM_MEMORY_GUARD,
  VM_MEMORY_MACH_MSG,
  VM_MEMORY_MALLOC,
  VM_MEMORY_MALLOC_MEDIUM,
  VM_MEMORY_SBRK,
  VM_MEMORY_STACK,
} from "../../vm/types.js";
import type { Task } from "../task.js";
import { columns, header, row } from "./table.js";

/**
 * A task's vm_map for people, in the manner of vmmap(1): a line for every entry, then the totals by
 * type.
 */
const COLUMNS = columns(
  "REGION:14 START:-12 END:-12 VSIZE:-7 RSDNT:-6 DIRTY:-6 PRT/MAX:7 SHRMOD:6 INH:5 WIRED:-5 OBJECT:8 OFFSET:-9 DEPTH:-5 DETAIL:1",
);

const INHERIT_NAMES: readonly string[] = ["share", "copy", "none", "donate"];

/** Bytes as vmmap prints them: "16K", "1.5M", "128.0T". */
export function sizeText(bytes: number): string {
  if (bytes < 2 ** 20) return `${bytes / 2 ** 10}K`;
  const power = bytes < 2 ** 30 ? 2 : bytes < 2 ** 40 ? 3 : 4;
  const value = bytes / 2 ** (10 * power);
  return `${Number.isInteger(value) ? value : value.toFixed(1)}${"KMGT"[power - 1]!}`;
}

/** What the region is for: a segment of the program, a tagged allocation, a mapped file, ... */
export function regionType(region: RegionInfo, task: Task): string {
  const segment = task.symbols?.segment(region.start) ?? null;
  if (segment !== null) return segment;
  if (region.maxProtection === 0) return region.start === 0 ? "__PAGEZERO" : "Reserved";
  const { tag } = region;
  if (tag === VM_MEMORY_STACK) return region.protection === 0 ? "STACK GUARD" : "Stack";
  if (tag === VM_MEMORY_GUARD) return "Guard";
  if (tag >= VM_MEMORY_MALLOC && tag <= VM_MEMORY_MALLOC_MEDIUM) {
    return tag === VM_MEMORY_SBRK ? "Heap (brk)" : "MALLOC";
  }
  if (tag === VM_MEMORY_MACH_MSG) return "Mach message";
  if (region.pager !== null) return "mapped file";
  if (region.isSubmap) return "submap";
  return tag === 0 ? "VM_ALLOCATE" : `Memory tag ${tag}`;
}

function cells(region: RegionInfo, type: string): readonly string[] {
  return [
    type,
    hexVa(region.start),
    hexVa(region.end),
    sizeText(region.end - region.start),
    sizeText(region.residentPages * PAGE_SIZE),
    sizeText(region.dirtyPages * PAGE_SIZE),
    `${protString(region.protection)}/${protString(region.maxProtection)}`,
    region.shareMode,
    INHERIT_NAMES[region.inheritance] ?? String(region.inheritance),
    region.wiredCount === 0 ? "-" : String(region.wiredCount),
    region.objectId === null ? "-" : `o${region.objectId}${region.needsCopy ? " nc" : ""}`,
    region.objectId === null ? "-" : sizeText(region.offset),
    region.objectId === null ? "-" : String(region.shadowDepth),
    region.pager ?? "",
  ];
}

/** The map of a task as lines of text, without line ends. */
export function mapsLines(task: Task): string[] {
  const regions = vmMapRegions(task.map);
  const lines = [
    `==== vm_map of pid ${task.pid}, ${task.path}: ${regions.length} entries, ` +
      `${sizeText(task.map.adjustedSize)} of ${hexVa(task.map.minOffset)}-${hexVa(task.map.maxOffset)}`,
    header(COLUMNS),
  ];
  const totals = new Map<
    string,
    { size: number; resident: number; dirty: number; count: number }
  >();
  for (const region of regions) {
    const type = regionType(region, task);
    lines.push(row(COLUMNS, cells(region, type)));
    const total = totals.get(type) ?? { size: 0, resident: 0, dirty: 0, count: 0 };
    total.size += region.end - region.start;
    total.resident += region.residentPages * PAGE_SIZE;
    total.dirty += region.dirtyPages * PAGE_SIZE;
    total.count++;
    totals.set(type, total);
  }
  return [...lines, "", ...totalLines(totals)];
}

const TOTALS = columns("REGION:14 VSIZE:-9 RESIDENT:-9 DIRTY:-9 COUNT:-5");

function totalLines(
  totals: ReadonlyMap<string, { size: number; resident: number; dirty: number; count: number }>,
): string[] {
  const sum = { size: 0, resident: 0, dirty: 0, count: 0 };
  const lines = [header(TOTALS)];
  const line = (name: string, t: typeof sum): string =>
    row(TOTALS, [name, sizeText(t.size), sizeText(t.resident), sizeText(t.dirty), String(t.count)]);
  for (const [type, total] of [...totals].sort((a, b) => (a[0] < b[0] ? -1 : 1))) {
    lines.push(line(type, total));
    sum.size += total.size;
    sum.resident += total.resident;
    sum.dirty += total.dirty;
    sum.count += total.count;
  }
  lines.push(line("TOTAL", sum));
  return lines;
}

/** An entry as an object with stable keys, for `--json`; addresses are hexadecimal strings. */
export function mapsJson(task: Task): Record<string, unknown>[] {
  return vmMapRegions(task.map).map((region) => ({
    pid: task.pid,
    type: regionType(region, task),
    start: hexVa(region.start),
    end: hexVa(region.end),
    protection: protString(region.protection),
    maxProtection: protString(region.maxProtection),
    inheritance: INHERIT_NAMES[region.inheritance] ?? region.inheritance,
    tag: region.tag,
    wiredCount: region.wiredCount,
    userWiredCount: region.userWiredCount,
    shareMode: region.shareMode,
    needsCopy: region.needsCopy,
    object: region.objectId,
    offset: region.offset,
    shadowDepth: region.shadowDepth,
    refCount: region.refCount,
    residentPages: region.residentPages,
    dirtyPages: region.dirtyPages,
    pager: region.pager,
  }));
}
