/** What a pmap's mappings are charged to, in bytes of VM pages (osfmk/kern/ledger, pmap.c). */
export interface PmapLedger {
  physMem: number;
  internal: number;
  external: number;
  reusable: number;
  alternateAccounting: number;
  internalCompressed: number;
  alternateAccountingCompressed: number;
  wiredMem: number;
  /** Memory of drivers that the task is charged for. */
  iokitMapped: number;
  pageTable: number;
  physFootprint: number;
}

export function newLedger(): PmapLedger {
  return {
    physMem: 0,
    internal: 0,
    external: 0,
    reusable: 0,
    alternateAccounting: 0,
    internalCompressed: 0,
    alternateAccountingCompressed: 0,
    wiredMem: 0,
    iokitMapped: 0,
    pageTable: 0,
    physFootprint: 0,
  };
}

/** The footprint the other entries add up to: what `physFootprint` must be. */
export function expectedFootprint(l: PmapLedger): number {
  return (
    l.internal -
    l.alternateAccounting +
    l.internalCompressed -
    l.alternateAccountingCompressed +
    l.iokitMapped +
    l.pageTable
  );
}

/**
 * Memory of drivers is mapped (bytes above 0) or unmapped (below) for the task: part of its footprint, by
 * the size of the region and not by its pages. XNU: pmap_iokit_mapped_region, pmap_iokit_unmapped_region.
 */
export function pmapIokitMappedRegion(
  pmap: { readonly isKernel: boolean; readonly ledger: PmapLedger },
  bytes: number,
): void {
  if (pmap.isKernel) return;
  pmap.ledger.iokitMapped += bytes;
  pmap.ledger.physFootprint += bytes;
}
