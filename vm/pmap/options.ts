/** Options, flags and attribute bits of the pmap interface. XNU: osfmk/vm/pmap.h, osfmk/arm/pmap. */

/** Do not wait for memory: report KERN_RESOURCE_SHORTAGE. */
export const PMAP_OPTIONS_NOWAIT = 0x1;
/** Build the page tables only, enter nothing. */
export const PMAP_OPTIONS_NOENTER = 0x2;
/** Leave a compressed marker where an internal page was mapped. */
export const PMAP_OPTIONS_COMPRESSOR = 0x4;
/** The page belongs to anonymous memory. */
export const PMAP_OPTIONS_INTERNAL = 0x8;
export const PMAP_OPTIONS_REUSABLE = 0x10;
/** Delay TLB invalidation; honoured only where the result stays correct. */
export const PMAP_OPTIONS_NOFLUSH = 0x20;
/** Do not consult or clear referenced and modified state. */
export const PMAP_OPTIONS_NOREFMOD = 0x40;
/** Account to the alternate ledger, not to the footprint. */
export const PMAP_OPTIONS_ALT_ACCT = 0x80;
/** The address range goes away: drop compressed markers too. */
export const PMAP_OPTIONS_REMOVE = 0x100;
export const PMAP_OPTIONS_SET_REUSABLE = 0x200;
export const PMAP_OPTIONS_CLEAR_REUSABLE = 0x400;
/** As COMPRESSOR, if the page turns out to be modified. */
export const PMAP_OPTIONS_COMPRESSOR_IFF_MODIFIED = 0x800;
export const PMAP_OPTIONS_PROTECT_IMMEDIATE = 0x1000;
/** Revoke write access so that the next write reaches vm_fault. */
export const PMAP_OPTIONS_CLEAR_WRITE = 0x2000;
export const PMAP_OPTIONS_FF_LOCKED = 0x8000;
export const PMAP_OPTIONS_FF_WIRED = 0x1_0000;
/** Meant for Apple's permission hardware; a plain VMSAv8-64 machine ignores it. */
export const PMAP_OPTIONS_MAP_TPRO = 0x4_0000;
export const PMAP_OPTIONS_NOPREEMPT = 0x8_0000;

/** pmapCreate flags. */
export const PMAP_CREATE_64BIT = 0x1;
export const PMAP_CREATE_DISABLE_JOP = 0x4;
export const PMAP_CREATE_FORCE_4K_PAGES = 0x8;
export const PMAP_CREATE_ROSETTA = 0x20;
export const PMAP_CREATE_TEST = 0x40;
export const PMAP_CREATE_KNOWN_FLAGS =
  PMAP_CREATE_64BIT |
  PMAP_CREATE_DISABLE_JOP |
  PMAP_CREATE_FORCE_4K_PAGES |
  PMAP_CREATE_ROSETTA |
  PMAP_CREATE_TEST;

/** Referenced and modified state of a physical page, as pmapDisconnect and pmapGetRefmod return it. */
export const VM_MEM_MODIFIED = 1;
export const VM_MEM_REFERENCED = 2;

/** Dispositions of pmapQueryPageInfo. */
export const PMAP_QUERY_PAGE_PRESENT = 0x1;
export const PMAP_QUERY_PAGE_REUSABLE = 0x2;
export const PMAP_QUERY_PAGE_INTERNAL = 0x4;
export const PMAP_QUERY_PAGE_ALTACCT = 0x8;
export const PMAP_QUERY_PAGE_COMPRESSED = 0x10;
export const PMAP_QUERY_PAGE_COMPRESSED_ALTACCT = 0x20;

/** Memory types (WIMG). A `wimgFlags` argument of 0 means the page's own default. */
export const VM_WIMG_DEFAULT = 0x2;
export const VM_WIMG_USE_DEFAULT = 0x80;
export const VM_WIMG_COPYBACK = 0x2;
export const VM_WIMG_INNERWBACK = 0x12;
export const VM_WIMG_IO = 0x7;
export const VM_WIMG_POSTED = 0x27;
export const VM_WIMG_POSTED_REORDERED = 0x2e;
export const VM_WIMG_POSTED_COMBINED_REORDERED = 0x26;
export const VM_WIMG_WTHRU = 0xb;
export const VM_WIMG_WCOMB = 0x6;
export const VM_WIMG_RT = 0x16;
export const VM_WIMG_MASK = 0x3f;

/** Per-frame attribute bits (`PmapSystem.ppAttr`); bits 5:0 are the page's default WIMG. */
export const PP_ATTR_WIMG_MASK = 0x3f;
export const PP_ATTR_REFERENCED = 0x40;
export const PP_ATTR_MODIFIED = 0x80;
export const PP_ATTR_INTERNAL = 0x100;
export const PP_ATTR_REUSABLE = 0x200;
export const PP_ATTR_ALTACCT = 0x400;
export const PP_ATTR_NOENCRYPT = 0x800;
export const PP_ATTR_REFFAULT = 0x1000;
export const PP_ATTR_MODFAULT = 0x2000;

/** Kinds of pmap. */
export const PMAP_TYPE_USER = 0;
export const PMAP_TYPE_KERNEL = 1;
export const PMAP_TYPE_COMMPAGE = 2;
export const PMAP_TYPE_NESTED = 3;
export type PmapType = 0 | 1 | 2 | 3;
