/** Page faults: from an address to a page in the pmap. XNU: osfmk/vm/vm_fault.c. */
export * from "./event.js";
export { faultKdebug, type KdebugRecord } from "./kdebug.js";
export * from "./result.js";
export { objectFaultInfo, type FaultInfo } from "./info.js";
export { vmFault, vmFaultFast } from "./fault.js";
export { vmFaultPage, vmFaultCleanup, type FaultPageRequest } from "./page.js";
export { vmFaultWire, vmFaultUnwire } from "./wire.js";
export { vmFaultCopy, type FaultCopyRequest, type FaultCopyResult } from "./copy.js";
export { vmPreFault } from "./prefault.js";
