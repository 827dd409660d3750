import { HostBug } from "../../emulator/arch/check.js";
import type { Blocking } from "../blocking.js";
import type { VmObject } from "../object/object.js";
import type { VmPage } from "../page/page.js";
import type { VmProt } from "../types.js";
import type { FaultInfo } from "./info.js";
import type { FaultPageResult } from "./result.js";

/** What vmFaultPage is asked for. */
export interface FaultPageRequest {
  /** Where the search starts: locked exclusively, with a paging reference. */
  readonly object: VmObject;
  /** Byte offset in `object`, page aligned. */
  readonly offset: number;
  /** Access wanted; VM_PROT_NONE finds a page without changing anything. */
  readonly faultType: VmProt;
  /** What may be granted at most; the result says what is left of it. */
  readonly prot: VmProt;
  /** Only a resident page will do: never allocate, never ask a pager. */
  readonly mustBeResident: boolean;
  /** The caller looked the address up in a map (vm_fault). */
  readonly callerLookup: boolean;
  /** A fresh page keeps its frame's old contents. */
  readonly noZeroFill: boolean;
  readonly info: FaultInfo;
}

export function* vmFaultPage(request: FaultPageRequest): Blocking<FaultPageResult> {
  throw new HostBug("not there", [request]);
}

export function vmFaultCleanup(object: VmObject, topPage: VmPage | null): void {
  throw new HostBug("not there", [object, topPage]);
}
