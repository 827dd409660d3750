/**
 * Where the commpage is, in every 64-bit user address space. XNU: osfmk/arm/cpu_capabilities.h,
 * _COMM_PAGE64_BASE_ADDRESS and _COMM_PAGE64_RO_ADDRESS. Both addresses lead to the same page.
 */
export const COMM_PAGE_DATA_ADDRESS = 0xf_ffff_c000;
export const COMM_PAGE_RO_ADDRESS = 0xf_ffff_4000;
export const COMMPAGE_ADDRESSES = [COMM_PAGE_DATA_ADDRESS, COMM_PAGE_RO_ADDRESS] as const;
