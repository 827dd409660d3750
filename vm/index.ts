/**
 * The virtual memory of a machine: what the kernel simulation builds on. Below this line nothing
 * knows of a CPU, a task or a system call.
 */
export * from "./address.js";
export * from "./blocking.js";
export type { VmContext, VmCounters } from "./context.js";
export * from "./compressor/index.js";
export * from "./copyio.js";
export type { VmRoots } from "./consistent.js";
export * from "./fault/index.js";
export { vmMapBehaviorSet } from "./map/behavior.js";
export { vmMapCopyDiscard, vmMapCopyValidateSize, type VmMapCopy } from "./map/copy.js";
export { vmMapCopyin, vmMapCopyinInternal } from "./map/copyin.js";
export { vmMapCopyOverwrite } from "./map/copy-overwrite.js";
export { vmMapCopyout, vmMapCopyoutSize } from "./map/copyout.js";
export { vmMapRemove } from "./map/delete.js";
export { vmMapEnter, type EnterRequest } from "./map/enter.js";
export { vmMapEnterMemObject, type PlacementRequest } from "./map/enter-mem-object.js";
export { VmMapEntry } from "./map/entry.js";
export * from "./map/find.js";
export { vmMapFindSpace, vmMapRangeCheck } from "./map/find-space.js";
export * from "./map/flags.js";
export * from "./map/fork.js";
export { vmMapInherit } from "./map/inherit.js";
export { kmemSuballoc } from "./map/kmem.js";
export * from "./map/lifecycle.js";
export { vmMapReference, VmMap } from "./map/map.js";
export { vmMapMachineAttribute } from "./map/machine-attribute.js";
export { vmMapMsync } from "./map/msync.js";
export * from "./map/named-entry.js";
export { vmMapPhysFootprint } from "./map/owner.js";
export * from "./map/page-size.js";
export { vmMapCheckProtection, vmMapProtect } from "./map/protect.js";
export { vmMapPurgableControl, vmMapQueryVolatile, type VolatileMemory } from "./map/purgable.js";
export { vmMapRegionAt, vmMapRegions, type RegionInfo } from "./map/region.js";
export { vmMapRemap } from "./map/remap.js";
export * from "./map/switch.js";
export * from "./map/user-ranges.js";
export { vmMapUnwire, vmMapUnwireNested } from "./map/unwire.js";
export { vmMapWire, vmMapWireAndExtract, vmMapWireNested } from "./map/wire.js";
export * from "./mach-vm.js";
export * from "./object/index.js";
export * from "./pager/index.js";
export * from "./platform.js";
export * from "./pmap/index.js";
export * from "./statistics.js";
export { VmSystem, type VmDaemon, type VmSystemOptions } from "./system.js";
export * from "./types.js";
