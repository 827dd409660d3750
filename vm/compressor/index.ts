/** Compressed memory: pages of anonymous objects in segments, in frames or on swap. XNU: vm_compressor.c. */
export { Compressor, type CompressorCounters } from "./compressor.js";
export { compressorAssertConsistent } from "./consistent.js";
export {
  availableMemory,
  availableNonCompressed,
  compressorLimits,
  compressorThresholds,
  needsToSwap,
  type CompressorLimits,
  type CompressorThresholds,
} from "./limits.js";
export { CompressorPager, type PagerGet } from "./pager.js";
export { C_SEG_BUFSIZE } from "./segment.js";
export { MemorySwap, type SwapStore } from "./swap.js";
export { vmCompactorDaemon } from "./swapper.js";
