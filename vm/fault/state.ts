import { alignDown } from "../address.js";
import type { Interruptible } from "../blocking.js";
import type { VmContext } from "../context.js";
import type { VmMapEntry } from "../map/entry.js";
import { vmMapEntryAt } from "../map/find.js";
import type { FaultLookup } from "../map/lookup.js";
import type { VmMap } from "../map/map.js";
import type { VmObject } from "../object/object.js";
import type { VmPage } from "../page/page.js";
import type { Pmap } from "../pmap/index.js";
import {
  KERN_SUCCESS,
  PAGE_SIZE,
  VM_PROT_NONE,
  VM_PROT_WRITE,
  type KernReturn,
  type Ppn,
  type VmOffset,
  type VmProt,
} from "../types.js";
import { DBG_CACHE_HIT_FAULT, DBG_COW_FAULT, type FaultType } from "./event.js";

/** A lookup that found memory. */
export type FoundMemory = Extract<FaultLookup, { readonly object: unknown }>;

/** What a tracer wants to know of the entry, read while the map is locked. */
interface EntrySeen {
  readonly entry: VmMapEntry;
  readonly start: VmOffset;
  readonly end: VmOffset;
}

/** One vm_fault from its start to its end: what was asked, and what the last attempt did about it. */
export class FaultState {
  readonly map: VmMap;
  readonly ctx: VmContext;
  /** Fault address, truncated to the map's page. */
  readonly va: VmOffset;
  /** The access asked for. */
  readonly access: VmProt;
  readonly changeWiring: boolean;
  readonly interruptible: Interruptible;
  /** Where the translation goes instead of the map's own pmap. */
  readonly callerPmap: Pmap | null;
  readonly pmapVa: VmOffset;
  /** Pager hint: bytes the caller is going to fault in, 0 for no idea. */
  clusterSize = 0;
  /** Overrides the behaviour of an entry whose own is the default. */
  behavior = 0;

  found: FoundMemory | null = null;
  seen: EntrySeen | null = null;
  /** What the access counts as: WRITE too if the memory is wired; nothing for a change of wiring. */
  faultType: VmProt = VM_PROT_NONE;
  type: FaultType = DBG_CACHE_HIT_FAULT;
  /** Protection left to enter. */
  prot: VmProt = VM_PROT_NONE;
  depth = 0;
  page: VmPage | null = null;
  fromPpn: Ppn | null = null;
  /** The frame was entered into the pmap. */
  entered = false;
  slow = false;
  /** A page from below is copied although it is only read; stays so while the fault starts over. */
  needCopy = false;

  constructor(
    map: VmMap,
    va: VmOffset,
    access: VmProt,
    changeWiring: boolean,
    interruptible: Interruptible,
    callerPmap: Pmap | null,
    callerPmapVa: VmOffset | null,
  ) {
    this.map = map;
    this.ctx = map.context;
    this.va = alignDown(va, Math.min(map.pageSize, PAGE_SIZE));
    this.access = access;
    this.changeWiring = changeWiring;
    this.interruptible = interruptible;
    this.callerPmap = callerPmap;
    this.pmapVa = alignDown(callerPmapVa ?? va, Math.min(map.pageSize, PAGE_SIZE));
  }

  /** Forget the last attempt. */
  restart(): void {
    this.found = null;
    this.seen = null;
    this.faultType = this.changeWiring ? VM_PROT_NONE : this.access;
    this.type = DBG_CACHE_HIT_FAULT;
    this.prot = VM_PROT_NONE;
    this.depth = 0;
    this.page = null;
    this.fromPpn = null;
    this.entered = false;
  }

  get isWrite(): boolean {
    return (this.faultType & VM_PROT_WRITE) !== 0;
  }

  /**
   * A program of the platform reads, through a private mapping, a page of a file nobody vouches for: it
   * gets a copy that the file cannot change afterwards. XNU: vm_fault_cor_policy.
   * @param object where the page is, below the mapping's own object
   */
  mustCopyOnRead(object: VmObject): boolean {
    if (this.needCopy || this.isWrite || !this.map.copiesOnRead) return false;
    return !object.internal && !object.pagerTrusted && this.found?.faultInfo.noCopyOnRead === false;
  }

  /** Take over a lookup. A wired page is resolved as if written, whoever asks. */
  adopt(found: FoundMemory): void {
    this.found = found;
    this.prot = found.prot;
    if (found.wired) this.faultType = found.prot | VM_PROT_WRITE;
    const { entry } = found;
    if (this.ctx.faultSink) this.seen = { entry, start: entry.start, end: entry.end };
  }

  /** Where the translation goes. */
  get pmap(): Pmap | null {
    return this.callerPmap ?? this.found?.realMap.pmap ?? null;
  }

  /** Note the entry a refused lookup met, for the trace. Locks: `map` held. */
  seeRefused(map: VmMap): void {
    if (!this.ctx.faultSink || map !== this.map) return;
    const entry = vmMapEntryAt(map, this.va);
    if (entry !== null) this.seen = { entry, start: entry.start, end: entry.end };
  }

  /** It came to nothing: no page and no type to report. XNU reports such faults as cache hits. */
  noPage(): void {
    this.type = DBG_CACHE_HIT_FAULT;
    this.depth = 0;
    this.page = null;
    this.fromPpn = null;
    this.entered = false;
  }

  /** Tell the tracer how it ended. */
  emit(kr: KernReturn): void {
    const { ctx, found, seen, page, entered } = this;
    ctx.lastFaultType = this.type;
    if (!ctx.faultSink) return;
    ctx.faultSink({
      map: this.map,
      address: this.va,
      access: this.access,
      changeWiring: this.changeWiring,
      kr,
      type: this.type,
      entry: seen?.entry ?? null,
      entryStart: seen?.start ?? this.va,
      entryEnd: seen?.end ?? this.va,
      object: found?.object ?? null,
      offset: found?.offset ?? 0,
      depth: this.depth,
      ppn: entered && kr === KERN_SUCCESS ? (page?.ppn ?? null) : null,
      fromPpn: this.fromPpn,
      prot: this.prot,
      pteLo: entered ? ctx.pmaps.lastPteLo : 0,
      pteHi: entered ? ctx.pmaps.lastPteHi : 0,
      ptePa: entered ? ctx.pmaps.lastPtePa : 0,
      pageOffset: page?.object === null ? 0 : (page?.offset ?? 0),
      pageInternal: page?.object?.internal ?? true,
      userTag: found?.faultInfo.userTag ?? 0,
      slow: this.slow,
      copyOnRead: this.needCopy && this.type === DBG_COW_FAULT,
    });
  }
}
