import { hex, hex64, hexVa } from "../../emulator/arch/hex.js";
import { FAULT_TYPE_NAMES } from "../../vm/fault/event.js";
import { ptePpn } from "../../vm/pmap/index.js";
import { kernReturnName, protString } from "../../vm/types.js";
import type { KernelFaultRecord } from "../events.js";
import { columns, header, row } from "./table.js";

/**
 * One fault for people: a line of columns. One fault for programs: an object of plain values whose
 * keys are stable (docs in kernel-sim/README.md); addresses are hexadecimal strings.
 */
const COLUMNS = columns(
  "#:-4 instr:-8 pid:-3 pc:-11 symbol:22 access:6 address:-14 class:14 type:10 entry:31 object:12 depth:-5 frame:-15 pte:18",
);

/** Titles of the columns `faultLine` fills. */
export function faultHeader(): string {
  return header(COLUMNS);
}

/** How the fault ended: its vm_fault type, `fast-fault`, or the error. */
export function faultOutcome(record: KernelFaultRecord): string {
  if (record.resolution === "failed") return kernReturnName(record.kr);
  if (record.resolution === "fast-fault" || record.event === null) return "fast-fault";
  return FAULT_TYPE_NAMES[record.event.type];
}

/** The map entry as `start-end prot`, or `-`. */
function entryText(record: KernelFaultRecord): string {
  const event = record.event;
  if (event === null || event.entry === null) return "-";
  const range = `${hexVa(event.entryStart)}-${hexVa(event.entryEnd)}`;
  return `${range} ${protString(event.entry.protection)}/${protString(event.entry.maxProtection)}`;
}

/** "o7+0x4000": the top object and the page's offset in it. */
function objectText(record: KernelFaultRecord): string {
  const event = record.event;
  if (event === null || event.object === null) return "-";
  return `o${event.object.id}+${hex(event.offset)}`;
}

/** The frame now mapped; for a copy also the frame it was copied from. */
function frameText(record: KernelFaultRecord): string {
  const { event, pte } = record;
  if (event !== null && event.ppn !== null) {
    return event.fromPpn === null ? hex(event.ppn) : `${hex(event.fromPpn)}>${hex(event.ppn)}`;
  }
  return pte === null ? "-" : hex(ptePpn(pte.lo, pte.hi));
}

function pteText(record: KernelFaultRecord): string {
  return record.pte === null ? "-" : hex64(record.pte.lo, record.pte.hi);
}

/** One fault as one line of text, without a line end. */
export function faultLine(record: KernelFaultRecord): string {
  return row(COLUMNS, [
    String(record.number),
    String(record.instructions),
    String(record.pid),
    hexVa(record.pc),
    (record.symbol ?? "-") + (record.fromKernel ? " (copyio)" : ""),
    record.access,
    hexVa(record.address),
    shortClass(record.esrName),
    faultOutcome(record),
    entryText(record),
    objectText(record),
    record.event === null ? "-" : String(record.event.depth),
    frameText(record),
    pteText(record),
  ]);
}

/** "data abort, lower EL: write, translation fault, level 3" -> "translation fault, level 3". */
function shortClass(esrName: string): string {
  const parts = esrName.split(", ");
  return parts.slice(-2).join(" ").replace(" fault level ", " L");
}

/** One fault as a plain object, in a fixed order of keys. */
export function faultJson(record: KernelFaultRecord): Record<string, unknown> {
  const event = record.event;
  return {
    number: record.number,
    instructions: record.instructions,
    pid: record.pid,
    pc: hexVa(record.pc),
    symbol: record.symbol,
    access: record.access,
    address: hexVa(record.address),
    fromKernel: record.fromKernel,
    esr: hex(record.esr, 8),
    class: record.esrName,
    resolution: record.resolution,
    result: kernReturnName(record.kr),
    type: faultOutcome(record),
    pte: record.pte === null ? null : hex64(record.pte.lo, record.pte.hi),
    pteAddress: record.pte === null ? null : hex(record.pte.pa),
    fault: event === null ? null : eventJson(record),
  };
}

function eventJson(record: KernelFaultRecord): Record<string, unknown> | null {
  const event = record.event;
  if (event === null) return null;
  const { entry, object } = event;
  return {
    type: event.type,
    slow: event.slow,
    entry:
      entry === null
        ? null
        : {
            start: hexVa(event.entryStart),
            end: hexVa(event.entryEnd),
            protection: protString(entry.protection),
            maxProtection: protString(entry.maxProtection),
            needsCopy: entry.needsCopy,
            wiredCount: entry.wiredCount,
            tag: entry.alias,
          },
    object: object === null ? null : object.id,
    offset: hex(event.offset),
    depth: event.depth,
    frame: event.ppn === null ? null : hex(event.ppn),
    copiedFrom: event.fromPpn === null ? null : hex(event.fromPpn),
    protection: protString(event.prot),
  };
}
