/**
 * The whole machine: a kernel at EL1 over the Mach VM on the emulated CPU. Nothing here needs Node;
 * `machvm/emulator` and `machvm/vm` are the two halves alone.
 */
export {
  Kernel,
  type ExecResult,
  type ExitReport,
  type KernelOptions,
  type KernelStats,
} from "./kernel.js";
export type {
  ExitRecord,
  FaultResolution,
  KernelFaultRecord,
  SyscallArgument,
  SyscallRecord,
} from "./events.js";
export { prepareDisassembler } from "./disassembler.js";
export { mapDeviceWindow, mapHandler } from "./map-handler.js";
export { MemoryFs, type MemoryFile } from "./fs/memory-fs.js";
export type { Console, FileSystem } from "./fs/types.js";
export { LoadError } from "./loader/errors.js";
export { loadImage } from "./loader/load.js";
export type { ImageSegment, ImageSymbol, LoadedImage } from "./loader/image.js";
export type { ExitStatus, Task } from "./task.js";
export type { Thread } from "./thread.js";
export { accountLines } from "./trace/account.js";
export { faultHeader, faultJson, faultLine, faultOutcome } from "./trace/fault.js";
export { mapsJson, mapsLines } from "./trace/maps.js";
export { syscallLine, SyscallTrace } from "./trace/syscall.js";
export { VERSION } from "./version.js";
export { PagerRequest, type DeviceWindow, type PagerHandler } from "../vm/pager/index.js";
export { MemorySwap, type SwapStore } from "../vm/compressor/index.js";
export { vmStatistics64, type VmStatistics64 } from "../vm/statistics.js";
