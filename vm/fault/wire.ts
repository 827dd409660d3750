import { HostBug } from "../../emulator/arch/check.js";
import type { Blocking } from "../blocking.js";
import type { VmMapEntry } from "../map/entry.js";
import type { VmMap } from "../map/map.js";
import type { Pmap } from "../pmap/index.js";
import type { KernReturn, VmOffset } from "../types.js";

export function* vmFaultWire(
  map: VmMap,
  entry: VmMapEntry,
  pmap: Pmap | null,
  pmapVa: VmOffset,
): Blocking<KernReturn> {
  throw new HostBug("not there", [map, entry, pmap, pmapVa]);
}

export function* vmFaultUnwire(
  map: VmMap,
  entry: VmMapEntry,
  pmap: Pmap | null,
  pmapVa: VmOffset,
  deallocate = false,
): Blocking<void> {
  throw new HostBug("not there", [map, entry, pmap, pmapVa, deallocate]);
}
