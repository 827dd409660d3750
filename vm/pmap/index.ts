/** The machine-dependent map: translation tables in physical memory as a cache of vm_maps. */
export * from "./options.js";
export { pmapAssertConsistent } from "./consistent.js";
export { pmapChangeWiring, pmapEnter } from "./enter.js";
export { armFastFault } from "./fast-fault.js";
export type { PmapLedger } from "./ledger.js";
export { pmapDisconnect, pmapGetRefmod, pmapPageProtect } from "./page.js";
export {
  Pmap,
  pmapCreate,
  pmapCreateKernel,
  pmapDestroy,
  pmapReference,
  pmapSwitch,
  pmapTtbr,
} from "./pmap.js";
export { MAIR_ATTRIBUTES, ptePpn } from "./pte.js";
export {
  pmapCopyPage,
  pmapExtract,
  pmapFindPhys,
  pmapIsEmpty,
  pmapQueryPageInfo,
  pmapQueryResident,
  pmapTranslate,
  pmapZeroPage,
} from "./query.js";
export {
  pmapClearModify,
  pmapClearReference,
  pmapClearRefmod,
  pmapIsModified,
  pmapIsReferenced,
  pmapSetModify,
} from "./refmod.js";
export { pmapProtect, pmapProtectOptions, pmapRemove, pmapRemoveOptions } from "./remove.js";
export type { PageTableSource } from "./source.js";
export { pmapPageGrabbed, PmapSystem } from "./system.js";
