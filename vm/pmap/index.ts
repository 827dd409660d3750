/** The machine-dependent map: translation tables in physical memory as a cache of vm_maps. */
export * from "./options.js";
export type { AsidBits } from "./asid.js";
export {
  pmapCreateCommpages,
  pmapInsertCommpage,
  pmapRemoveCommpage,
  type Commpage,
} from "./commpage.js";
export { COMM_PAGE_DATA_ADDRESS, COMM_PAGE_RO_ADDRESS } from "./commpage-layout.js";
export { pmapAssertConsistent } from "./consistent.js";
export { pmapChangeWiring, pmapEnter, pmapEnterAddr } from "./enter.js";
export { armFastFault } from "./fast-fault.js";
export { PMAP_TXSZ, PT_ATTR_16K, PT_ATTR_4K, type PtAttr } from "./geometry.js";
export { pmapIokitMappedRegion, type PmapLedger } from "./ledger.js";
export {
  PMAP_UNNEST_CLEAN,
  pmapForkNest,
  pmapLeaveSharedRegion,
  pmapNest,
  pmapSetNested,
  pmapSetSharedRegion,
  pmapSharedRegionSizeMin,
  pmapTrim,
  pmapUnnest,
  type NestedRegion,
} from "./nest.js";
export { pmapDisconnect, pmapGetRefmod, pmapPageProtect } from "./page.js";
export {
  Pmap,
  pmapCreate,
  pmapCreateKernel,
  pmapCreateLike,
  pmapDestroy,
  pmapMaxOffset,
  pmapReference,
} from "./pmap.js";
export { MAIR_ATTRIBUTES, ptePpn } from "./pte.js";
export {
  pmapCopyPage,
  pmapCopyPartPage,
  pmapExtract,
  pmapFindPhys,
  pmapFindPhysNofault,
  pmapIsEmpty,
  pmapQueryPageInfo,
  pmapQueryResident,
  pmapTranslate,
  pmapTranslateAddr,
  pmapZeroPage,
  pmapZeroPartPage,
} from "./query.js";
export {
  pmapClearModify,
  pmapClearReference,
  pmapClearRefmod,
  pmapClearRefmodRange,
  pmapIsModified,
  pmapIsReferenced,
  pmapSetModify,
} from "./refmod.js";
export { pmapProtect, pmapProtectOptions, pmapRemove, pmapRemoveOptions } from "./remove.js";
export type { PageTableSource } from "./source.js";
export { pmapSwitch, pmapTtbr, type TranslationRegisters } from "./switch.js";
export { pmapPageGrabbed, PmapSystem, type PmapFeatures } from "./system.js";
