import { check } from "../../emulator/arch/check.js";

/**
 * Reverse mappings: from a frame to the entries that map it. A frame has none, one (kept in the head
 * itself), several (a list of `PvEntry`, two mappings each), or is a page table. XNU: pmap_data.h.
 */
export const PVH_TYPE_NULL = 0;
export const PVH_TYPE_PVEP = 1;
export const PVH_TYPE_PTEP = 2;
export const PVH_TYPE_PTDP = 3;

const PTES_PER_PVE = 2;

/** One mapping in a list: the entry's physical address (0 = free slot) and how it is accounted. */
export interface PvSlot {
  pte: number;
  internal: boolean;
  altacct: boolean;
}

export interface PvEntry {
  readonly slots: readonly [PvSlot, PvSlot];
  next: PvEntry | null;
}

/** Heads by frame index. */
export interface PvTable {
  readonly type: Uint8Array;
  /** Physical address of the only entry, for PVH_TYPE_PTEP. */
  readonly single: Float64Array;
  readonly lists: Map<number, PvEntry>;
}

export function newPvTable(frames: number): PvTable {
  return {
    type: new Uint8Array(frames),
    single: new Float64Array(frames),
    lists: new Map(),
  };
}

function newEntry(next: PvEntry | null): PvEntry {
  return {
    slots: [
      { pte: 0, internal: false, altacct: false },
      { pte: 0, internal: false, altacct: false },
    ],
    next,
  };
}

/** Flags of a single mapping live with the frame (pp_attr); the caller passes and keeps them. */
export interface PvFlags {
  internal: boolean;
  altacct: boolean;
}

/**
 * Record a mapping.
 * @param single flags of the frame's only mapping so far, needed when it moves into a list
 * @returns true if this is the frame's only mapping: its flags belong in pp_attr
 */
export function pvAdd(
  pv: PvTable,
  frame: number,
  pte: number,
  flags: PvFlags,
  single: PvFlags,
): boolean {
  switch (pv.type[frame]) {
    case PVH_TYPE_NULL:
      pv.type[frame] = PVH_TYPE_PTEP;
      pv.single[frame] = pte;
      return true;
    case PVH_TYPE_PTEP: {
      const entry = newEntry(null);
      Object.assign(entry.slots[0], { pte: pv.single[frame]!, ...single });
      Object.assign(entry.slots[1], { pte, ...flags });
      pv.type[frame] = PVH_TYPE_PVEP;
      pv.single[frame] = 0;
      pv.lists.set(frame, entry);
      return false;
    }
    case PVH_TYPE_PVEP: {
      let head = pv.lists.get(frame)!;
      let slot = head.slots.find((s) => s.pte === 0);
      if (slot === undefined) {
        head = newEntry(head);
        pv.lists.set(frame, head);
        slot = head.slots[0];
      }
      Object.assign(slot, { pte, ...flags });
      return false;
    }
    default:
      check(false, "a page table frame is being mapped", frame);
  }
}

/**
 * Forget a mapping.
 * @param single flags of the frame's only mapping (pp_attr)
 * @returns the mapping's flags, and those of the mapping that is now alone and moved to the head
 */
export function pvRemove(
  pv: PvTable,
  frame: number,
  pte: number,
  single: PvFlags,
): { readonly removed: PvFlags; readonly nowSingle: PvFlags | null } {
  if (pv.type[frame] === PVH_TYPE_PTEP) {
    check(pv.single[frame] === pte, "mapping is not the frame's only one", frame, pte);
    pv.type[frame] = PVH_TYPE_NULL;
    pv.single[frame] = 0;
    return { removed: single, nowSingle: null };
  }
  check(pv.type[frame] === PVH_TYPE_PVEP, "frame has no mappings", frame, pte);
  let previous: PvEntry | null = null;
  for (let entry = pv.lists.get(frame) ?? null; entry; previous = entry, entry = entry.next) {
    const slot = entry.slots.find((s) => s.pte === pte);
    if (slot === undefined) continue;
    const removed = { internal: slot.internal, altacct: slot.altacct };
    clearSlot(slot);
    tidy(pv, frame, entry, previous);
    return { removed, nowSingle: collapse(pv, frame) };
  }
  check(false, "mapping is not in the frame's list", frame, pte);
}

function clearSlot(slot: PvSlot): void {
  slot.pte = 0;
  slot.internal = false;
  slot.altacct = false;
}

/** An empty entry goes; a half-empty one gives its mapping to a half-empty head, or becomes the head. */
function tidy(pv: PvTable, frame: number, entry: PvEntry, previous: PvEntry | null): void {
  const unlink = (): void => {
    if (previous) previous.next = entry.next;
    else if (entry.next) pv.lists.set(frame, entry.next);
    else pv.lists.delete(frame);
  };
  const left = entry.slots.find((s) => s.pte !== 0);
  if (left === undefined) {
    unlink();
    return;
  }
  if (previous === null) return;
  unlink();
  const head = pv.lists.get(frame)!;
  const room = head.slots.find((s) => s.pte === 0);
  if (room !== undefined) {
    Object.assign(room, left);
    return;
  }
  entry.next = head;
  pv.lists.set(frame, entry);
}

/** One mapping left in one entry: it moves to the head. @returns its flags then */
function collapse(pv: PvTable, frame: number): PvFlags | null {
  const head = pv.lists.get(frame);
  if (head === undefined) {
    pv.type[frame] = PVH_TYPE_NULL;
    return null;
  }
  const used = head.slots.filter((s) => s.pte !== 0);
  if (head.next !== null || used.length !== 1) return null;
  const only = used[0]!;
  pv.type[frame] = PVH_TYPE_PTEP;
  pv.single[frame] = only.pte;
  pv.lists.delete(frame);
  return { internal: only.internal, altacct: only.altacct };
}

/** Physical addresses of all entries that map a frame, in list order: a copy, safe to change under. */
export function pvMappings(pv: PvTable, frame: number): number[] {
  if (pv.type[frame] === PVH_TYPE_PTEP) return [pv.single[frame]!];
  const found: number[] = [];
  for (let entry = pv.lists.get(frame) ?? null; entry; entry = entry.next) {
    for (const slot of entry.slots) if (slot.pte !== 0) found.push(slot.pte);
  }
  return found;
}

/** How a mapping is accounted. */
export function pvFlags(pv: PvTable, frame: number, pte: number, single: PvFlags): PvFlags {
  if (pv.type[frame] === PVH_TYPE_PTEP) return single;
  for (let entry = pv.lists.get(frame) ?? null; entry; entry = entry.next) {
    for (const slot of entry.slots) if (slot.pte === pte) return slot;
  }
  return { internal: false, altacct: false };
}

/** True if anything maps the frame. */
export function pvIsMapped(pv: PvTable, frame: number): boolean {
  return pv.type[frame] === PVH_TYPE_PTEP || pv.type[frame] === PVH_TYPE_PVEP;
}

/** Entries per list element, for checkers. */
export const PV_SLOTS = PTES_PER_PVE;
