/** Memory objects: resident pages, shadow chains, copies and pagers. XNU: osfmk/vm/vm_object.c. */
export * from "./object.js";
export * from "./pager.js";
export { vmObjectCoalesce } from "./coalesce.js";
export { vmObjectCollapse } from "./collapse.js";
export { vmObjectAssertConsistent } from "./consistent.js";
export {
  vmObjectCopyQuickly,
  vmObjectCopyStrategically,
  type QuickCopy,
  type StrategicCopy,
} from "./copy.js";
export { vmObjectCopyDelayed } from "./copy-delayed.js";
export { vmObjectCopySlowly } from "./copy-slowly.js";
export {
  VM_OBJECT_PAGEIN_THROTTLE,
  vmObjectActivityBegin,
  vmObjectActivityEnd,
  vmObjectPagerReadyWait,
  vmObjectPagingBegin,
  vmObjectPagingEnd,
  vmObjectPagingSpaceWait,
  vmObjectPagingWait,
  vmObjectUnblockedWait,
} from "./holds.js";
export {
  vmObjectAllocate,
  vmObjectDeallocate,
  vmObjectReference,
  vmObjectReleaseUnmapped,
} from "./lifecycle.js";
export {
  memoryObjectChangeAttributes,
  vmObjectDestroy,
  vmObjectEnterPager,
  vmObjectForPager,
} from "./named.js";
export { vmObjectPageRemove, vmObjectPmapProtect } from "./protect.js";
export { vmObjectShadow, type ObjectRef } from "./shadow.js";
export { vmObjectDeactivatePages, vmObjectSync } from "./sync.js";
export { vmObjectTruncate } from "./truncate.js";
export * from "./lock-request.js";
export { vmObjectCopyPush } from "./push.js";
export { vmObjectGrown, vmObjectOverlay, vmObjectWillWrite, vmObjectWritten } from "./file-data.js";
export {
  PurgeableQueues,
  vmObjectPurgableControl,
  vmObjectPurge,
  vmPurgeableObjectPurgeAll,
  vmPurgeableObjectPurgeOne,
  type PurgableResult,
} from "./purgeable.js";
export * from "./ownership.js";
export { ObjectSystem } from "./system.js";
export { VnodePager, vmObjectForVnode, type VnodeBacking } from "./vnode-pager.js";
