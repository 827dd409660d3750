import { HostBug } from "../../emulator/arch/check.js";
import type { Blocking, Interruptible } from "../blocking.js";
import type { VmMap } from "../map/map.js";
import type { Pmap } from "../pmap/index.js";
import type { KernReturn, VmOffset, VmProt } from "../types.js";

export function vmFaultFast(
  map: VmMap,
  va: VmOffset,
  prot: VmProt,
  changeWiring: boolean,
  interruptible: Interruptible,
  callerPmap: Pmap | null = null,
  callerPmapVa: VmOffset = va,
): KernReturn | null {
  throw new HostBug("not there", [
    map,
    va,
    prot,
    changeWiring,
    interruptible,
    callerPmap,
    callerPmapVa,
  ]);
}

export function* vmFault(
  map: VmMap,
  va: VmOffset,
  prot: VmProt,
  changeWiring: boolean,
  interruptible: Interruptible,
  callerPmap: Pmap | null = null,
  callerPmapVa: VmOffset = va,
): Blocking<KernReturn> {
  throw new HostBug("not there", [
    map,
    va,
    prot,
    changeWiring,
    interruptible,
    callerPmap,
    callerPmapVa,
  ]);
}
