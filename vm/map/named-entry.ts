import type { Blocking } from "../blocking.js";
import { vmObjectDeallocate, vmObjectReference } from "../object/index.js";
import type { VmObject } from "../object/object.js";
import {
  KERN_INVALID_ARGUMENT,
  KERN_INVALID_RIGHT,
  KERN_SUCCESS,
  VM_PROT_ALL,
  VM_PROT_IS_MASK,
  VM_PROT_WRITE,
  panic,
  type KernResult,
  type VmInherit,
  type VmOffset,
  type VmProt,
} from "../types.js";
import { vmMapCopyDiscard, type VmMapCopyEntryList } from "./copy.js";
import { vmMapEnter } from "./enter.js";
import { vmMapEnterMemObject, type PlacementRequest } from "./enter-mem-object.js";
import { vmMapEnterCopyEntry } from "./enter-copy-entry.js";
import { vmMapDeallocate } from "./lifecycle.js";
import { vmMapReference, type VmMap } from "./map.js";

/** What a named entry names; the entry holds one reference on it. */
export type NamedEntryBacking =
  | { readonly kind: "object"; readonly object: VmObject }
  | { readonly kind: "submap"; readonly map: VmMap }
  /** Several pieces of memory, or a copy: entries from address 0 up. */
  | { readonly kind: "copy"; readonly copy: VmMapCopyEntryList };

/**
 * Memory with a handle: what a port made by mach_make_memory_entry stands for (struct
 * vm_named_entry). Whoever has the handle may map it, with at most `protection`.
 */
export class VmNamedEntry {
  readonly backing: NamedEntryBacking;
  /** Bytes into the backing, page aligned, and how many of them the entry gives away. */
  readonly offset: number;
  readonly size: number;
  readonly protection: VmProt;
  /** Where in the first page the data begin that a caller asked for (MAP_MEM_USE_DATA_ADDR). */
  readonly dataOffset: number;
  refCount = 1;

  /** Takes over the caller's reference on the backing. */
  constructor(
    backing: NamedEntryBacking,
    offset: number,
    size: number,
    protection: VmProt,
    dataOffset = 0,
  ) {
    this.backing = backing;
    this.offset = offset;
    this.size = size;
    this.protection = protection;
    this.dataOffset = dataOffset;
  }
}

/** Drop a reference; the last one lets the backing go. XNU: mach_memory_entry_port_release. */
export function* vmNamedEntryRelease(entry: VmNamedEntry): Blocking<void> {
  entry.refCount -= 1;
  if (entry.refCount > 0) return;
  const { backing } = entry;
  if (backing.kind === "object") vmObjectDeallocate(backing.object);
  else if (backing.kind === "submap") yield* vmMapDeallocate(backing.map);
  else yield* vmMapCopyDiscard(backing.copy);
}

/**
 * Map memory by its handle. XNU: the named entry part of vm_map_enter_mem_object.
 * @param offset bytes into the entry
 * @param cur with VM_PROT_IS_MASK: as much of it as the entry gives (`max` likewise)
 * @returns KERN_INVALID_RIGHT if the entry gives less than is asked for; KERN_INVALID_ARGUMENT beyond
 *   its end; as vmMapEnterMemObject
 */
export function* vmMapEnterNamedEntry(
  map: VmMap,
  request: PlacementRequest,
  entry: VmNamedEntry,
  offset: number,
  copy: boolean,
  cur: VmProt,
  max: VmProt,
  inheritance: VmInherit,
): Blocking<KernResult<{ address: VmOffset }>> {
  const given = entry.protection;
  const most = (max & VM_PROT_IS_MASK) !== 0 ? max & given & VM_PROT_ALL : max;
  const now = (cur & VM_PROT_IS_MASK) !== 0 ? cur & given & VM_PROT_ALL : cur;
  // A copy may be written whatever the entry says.
  const needed = copy ? VM_PROT_ALL & ~VM_PROT_WRITE : VM_PROT_ALL;
  if ((most & needed & ~given) !== 0 || (now & needed & ~given) !== 0) {
    return { kr: KERN_INVALID_RIGHT };
  }
  if (entry.dataOffset + offset + request.size > entry.size) return { kr: KERN_INVALID_ARGUMENT };
  const inBacking = entry.offset + entry.dataOffset + offset;
  const { backing } = entry;
  if (backing.kind === "copy") {
    const rights = { cur: now, max: most, inheritance };
    return yield* vmMapEnterCopyEntry(map, request, backing.copy, inBacking, copy, rights);
  }
  if (backing.kind === "object") {
    vmObjectReference(backing.object);
    const entered = yield* vmMapEnterMemObject(
      map,
      request,
      backing.object,
      inBacking,
      copy,
      now,
      most,
      inheritance,
    );
    if (entered.kr !== KERN_SUCCESS) vmObjectDeallocate(backing.object);
    return entered;
  }
  vmMapReference(backing.map);
  const entered = yield* vmMapEnter(map, {
    ...request,
    submap: backing.map,
    offset: inBacking,
    needsCopy: copy,
    cur: now,
    max: most,
    inheritance,
  });
  if (entered.kr !== KERN_SUCCESS) yield* vmMapDeallocate(backing.map);
  return entered;
}

/** What the kernel finds behind a port, as far as the VM asks (ipc_kobject types). */
export type MapPort =
  | {
      readonly kind: "task";
      /** What the right allows: everything, reading, looking, or knowing the name. */
      readonly flavor: "control" | "read" | "inspect" | "name";
      /** The port and its task are alive. */
      readonly active: boolean;
      readonly isCorpse: boolean;
      readonly map: VmMap;
    }
  | { readonly kind: "namedEntry"; readonly entry: VmNamedEntry }
  | { readonly kind: "other" };

/**
 * The map to allocate in: that of a task by its control port, or of a writable submap entry. XNU:
 * convert_port_entry_to_map. The right stays the caller's.
 * @returns a reference, to be dropped by vmMapDeallocate; null when the port names no such map
 * @throws KernelPanic for the kernel's map
 */
export function convertPortEntryToMap(port: MapPort | null): VmMap | null {
  if (port?.kind !== "namedEntry") return convertPortToMap(port);
  const { backing, protection } = port.entry;
  if (backing.kind !== "submap" || (protection & VM_PROT_WRITE) === 0) return null;
  return withReference(backing.map);
}

/** XNU: convert_port_to_map. Only the control port of a living task. */
export function convertPortToMap(port: MapPort | null): VmMap | null {
  if (port?.kind !== "task" || !port.active || port.flavor !== "control") return null;
  return withReference(port.map);
}

/** XNU: convert_port_to_map_read. A read port is enough, and a corpse may be read. */
export function convertPortToMapRead(port: MapPort | null): VmMap | null {
  if (port?.kind !== "task" || !(port.active || port.isCorpse)) return null;
  return port.flavor === "control" || port.flavor === "read" ? withReference(port.map) : null;
}

/** XNU: convert_port_to_map_inspect. No routine takes a map by an inspect port. */
export function convertPortToMapInspect(): null {
  return null;
}

function withReference(map: VmMap): VmMap {
  if (map.isKernel) panic("userspace has control access to a kernel map");
  vmMapReference(map);
  return map;
}
