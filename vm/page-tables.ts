import { check } from "../emulator/arch/check.js";
import type { VmContext } from "./context.js";
import type { VmObject } from "./object/object.js";
import { vmPageFree, vmPageGrab, vmPageInsert, vmPageWire } from "./page/resident.js";
import type { PageTableSource } from "./pmap/source.js";
import { PAGE_SIZE, VM_KERN_MEMORY_PMAP, type Ppn } from "./types.js";

/**
 * Page-table pages from the common free list. They are wired and belong to one object, at their
 * offset in RAM, so that every frame in use has an owner. XNU: pmap_object, pmap_pages_alloc_zeroed.
 */
export class PageTablePages implements PageTableSource {
  readonly #ctx: VmContext;
  readonly #object: VmObject;

  constructor(ctx: VmContext, object: VmObject) {
    this.#ctx = ctx;
    this.#object = object;
  }

  /** May use the reserve: a fault that has its page must not fail for want of a table. */
  allocPage(): Ppn | null {
    const page = vmPageGrab(this.#ctx, true);
    if (page === null) return null;
    vmPageInsert(page, this.#object, (page.ppn - this.#ctx.phys.firstPpn) * PAGE_SIZE);
    vmPageWire(this.#ctx, page, VM_KERN_MEMORY_PMAP);
    page.busy = false;
    return page.ppn;
  }

  freePage(ppn: Ppn): void {
    const page = this.#ctx.pages.pageOf(ppn);
    check(page?.object === this.#object, "not a page-table page", ppn);
    vmPageFree(this.#ctx, page);
  }
}
