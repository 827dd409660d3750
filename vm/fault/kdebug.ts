import { DBG_COR_FAULT, type FaultEvent } from "./event.js";

/** Event ids of kdebug: class << 24 | subclass << 16 | code << 2 | function. */
const MACH_VMFAULT = 0x0130_0008;
const REAL_FAULT_INTERNAL = 0x0132_0008;
const REAL_FAULT_EXTERNAL = 0x0132_0010;
const VM_FAST_FAULT = 0x0132_0018;
const VM_SLOW_FAULT = 0x0132_001c;
const DBG_FUNC_START = 1;
const DBG_FUNC_END = 2;

/** One kdebug record, without time, thread and CPU: those are the tracer's to add. */
export interface KdebugRecord {
  readonly id: number;
  readonly args: readonly [number, number, number, number];
}

/**
 * What XNU would trace of a fault: START, the path taken, the page that was entered ("real fault"), END.
 * A fault that the map refused has no real fault.
 * @param address exact fault address, bytes, not truncated to its page
 * @param pid of the task, as its unique identifier
 */
export function faultKdebug(event: FaultEvent, address: number, pid: number): KdebugRecord[] {
  const high = Math.floor(event.address / 2 ** 32);
  const isKernel = event.map.isKernel ? 1 : 0;
  const records: KdebugRecord[] = [
    { id: MACH_VMFAULT | DBG_FUNC_START, args: [high, event.address, isKernel, 0] },
  ];
  if (event.ppn !== null) {
    records.push({ id: event.slow ? VM_SLOW_FAULT : VM_FAST_FAULT, args: [pid, 0, 0, 0] });
    const id = event.pageInternal ? REAL_FAULT_INTERNAL : REAL_FAULT_EXTERNAL;
    const what = event.userTag * 2 ** 16 + event.access * 2 ** 8 + tracedType(event);
    records.push({ id, args: [address, what, event.pageOffset, pid] });
  }
  records.push({
    id: MACH_VMFAULT | DBG_FUNC_END,
    args: [high, event.address, event.kr, event.type],
  });
  return records;
}

function tracedType(event: FaultEvent): number {
  return event.copyOnRead ? DBG_COR_FAULT : event.type;
}
