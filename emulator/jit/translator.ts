import type { Decoder } from "../isa/decode.js";
import type { Mode } from "../isa/emitter.js";
import { ACCESS_EXEC } from "../mmu/access.js";
import type { Mmu } from "../mmu/mmu.js";
import { RAM_OFFSET, type PhysMemory } from "../mmu/phys-memory.js";
import type { ModuleBuilder } from "../wasm/module.js";
import {
  CODE_PAGE_BYTES,
  CodeCache,
  type MappedPage,
  type Translation,
  type Unit,
} from "./code-cache.js";
import { IndirectTargets } from "./indirect.js";
import type { Links } from "./links.js";
import { discover, lastOf, lastPcOf, leavesOf, type Extent, type Region } from "./region.js";
import { shapeOf, type Shape } from "./shape.js";
import { translateRegion } from "./translate.js";

/** Which translation is wanted. */
export interface Wanted {
  readonly physical: number;
  readonly pc: number;
  readonly mode: Mode;
  /** Whose translations of addresses count. */
  readonly el: 0 | 1;
  /** One instruction only. */
  readonly single: boolean;
  /** A slice has ended here, so time is spent here: a whole region is worth it, but not what it calls. */
  readonly resumes: boolean;
}

/** How much is to be made. */
type Amount = Extent | "batch";

/**
 * Memory of a byte of WebAssembly once V8 has compiled it, by either compiler, with all that belongs to it:
 * measured as growth of the process.
 */
const BYTES_PER_WASM_BYTE = 20;
/** The same of a function that enters a region in its middle: an instance of its own. */
const DOOR_BYTES = 4096;
/**
 * Guest instructions translated together, at least and at most. What nobody asked for yet is a guess; the number
 * doubles while such guesses are good and halves while they are not.
 */
const MIN_BATCH = 150;
const MAX_BATCH = 4000;
/** Of the regions guessed, one in this many must be asked for in time. */
const GOOD_GUESSES = 3;
/** One guess in so many is a sample, by which guesses are judged; the others are linked before anybody asks for them. */
const SAMPLE = 4;

/** Makes translations, and keeps them. */
export class Translator {
  readonly #memory: PhysMemory;
  readonly #mmu: Mmu;
  readonly #decoder: Decoder;
  readonly #links: Links;
  readonly #module: ModuleBuilder;
  readonly #instantiate: (bytes: Uint8Array<ArrayBuffer>) => Record<string, unknown>;
  readonly #enterAt: EnterAt;
  readonly #maxBytes: number;
  readonly #indirect = new IndirectTargets();
  readonly #code = new CodeCache((translation) => {
    this.#indirect.release(translation);
  });
  #batch = MIN_BATCH;
  /** Samples of regions that nobody had asked for when they were made, and how many of them somebody did later. */
  #guessed = 0;
  #guessedWell = 0;
  /** Regions translated, guest instructions in them, and how often everything was forgotten for want of room. */
  readonly counters = { regions: 0, instructions: 0, modules: 0, flushes: 0 };

  /**
   * @param instantiate makes a module of regions into its exports
   * @param enterAt makes the function that enters a region at one of its entries
   * @param maxBytes translated code may take about so much memory
   */
  constructor(
    memory: PhysMemory,
    mmu: Mmu,
    decoder: Decoder,
    links: Links,
    module: ModuleBuilder,
    instantiate: (bytes: Uint8Array<ArrayBuffer>) => Record<string, unknown>,
    enterAt: EnterAt,
    maxBytes: number,
  ) {
    this.#memory = memory;
    this.#mmu = mmu;
    this.#decoder = decoder;
    this.#links = links;
    this.#module = module;
    this.#instantiate = instantiate;
    this.#enterAt = enterAt;
    this.#maxBytes = maxBytes;
  }

  /** The translation wanted, found or made. */
  get(wanted: Wanted): Translation {
    const { physical, pc, mode } = wanted;
    const key = wanted.single ? ~mode.key : mode.key;
    const isMapped = ({ va, pa }: MappedPage): boolean => this.#physicalOf(va, wanted) === pa;
    const found =
      this.#code.find(physical, pc, key, isMapped) ?? this.#openDoor(physical, pc, key, isMapped);
    if (found !== null && found.isDetour && wanted.resumes) this.#code.hide(found);
    else if (found !== null) {
      if (!found.wanted) {
        found.wanted = true;
        this.#guessedWell++;
      }
      return found;
    }
    if (this.isFull) {
      this.counters.flushes++;
      this.clear();
      this.#links.reset();
    }
    const unit = this.#make(wanted, key, this.#amount(wanted));
    this.#code.add(unit);
    for (const page of unit.codePages) this.#mmu.setCodePage(page * CODE_PAGE_BYTES, true);
    return unit.translations[0]!;
  }

  /** The way into the middle of a region that is there: made when it is first asked for, since few ever are. */
  #openDoor(
    physical: number,
    pc: number,
    key: number,
    isMapped: (page: MappedPage) => boolean,
  ): Translation | null {
    const door = this.#code.takeDoor(physical, pc, key, isMapped);
    if (door === null) return null;
    const { into, entry } = door;
    const opened: Translation = {
      ...into,
      physical,
      pc,
      run: this.#enterAt(entry, into.run),
      end: Math.max(into.end, pc),
      doors: [],
      wanted: true,
    };
    into.unit.translations.push(opened);
    into.unit.bytes += DOOR_BYTES;
    this.#code.bytes += DOOR_BYTES;
    this.#code.addTranslation(opened);
    this.#indirect.use(opened);
    return opened;
  }

  /**
   * An exception returns to the middle of a region, for instance: what is there is translated already, and the way to the
   * region's next entry is made block by block.
   */
  #amount({ single, resumes, mode, physical }: Wanted): Amount {
    if (single) return "step";
    if (resumes || mode.careful) return "region";
    if (this.#code.covers(physical, mode.key)) return "block";
    // What an observer of the MMU sees of fetches, it sees where a region is entered.
    return mode.observed ? "region" : "batch";
  }

  /** The next translation begins with forgetting all others. */
  get isFull(): boolean {
    return this.#code.bytes > this.#maxBytes;
  }

  /** Addresses may translate otherwise from now on. */
  mappingsChanged(): void {
    this.#code.epoch++;
  }

  /** The indirect branch at `from` went to `to`. */
  noteIndirect(from: number, to: number): void {
    this.#indirect.note(from, to);
  }

  /**
   * A slice has ended at `pc`: forget translations of what begins there that would be better now.
   * @returns whether there were any
   */
  dropOutdated(pc: number): boolean {
    const outdated = this.#indirect.takeOutdated(pc);
    for (const translation of outdated) {
      if (translation.pc === pc) this.#code.hide(translation);
      else translation.unit.opened.add(pc);
    }
    return outdated.length > 0;
  }

  /** Forget what was translated from a code page. */
  dropPage(page: number): void {
    this.#uncover(this.#code.dropPage(page));
  }

  /** Forget everything. */
  clear(): void {
    this.#uncover(this.#code.clear());
    this.#indirect.clear();
  }

  #uncover(codePages: readonly number[]): void {
    for (const page of codePages) this.#mmu.setCodePage(page * CODE_PAGE_BYTES, false);
  }

  /** Physical address of an instruction, -1 where there is none to fetch, or not in the wanted mode. */
  #physicalOf(va: number, { el, mode }: Wanted): number {
    const mmu = this.#mmu;
    const pa = mmu.translate((va % 2 ** 32) | 0, Math.floor(va / 2 ** 32), ACCESS_EXEC, el, false);
    return mode.config.model.features.has("bti") && mode.guarded !== mmu.lastGuarded ? -1 : pa;
  }

  #make(wanted: Wanted, key: number, amount: Amount): Unit {
    const batch = this.#collect(wanted, amount);
    const module = this.#module;
    const { mode } = wanted;
    const isWhole = (amount === "region" || amount === "batch") && !mode.careful;
    module.begin();
    const own = new Map<number, number>();
    for (let i = 0; i < batch.length; i++) own.set(batch[i]!.region.pc, i);
    const targets = {
      linkSlot: ({ key: modeKey }: Mode, target: number): number =>
        this.#links.slotFor(modeKey, target),
      ownFunction: (target: number): number | null => own.get(target) ?? null,
    };
    const doors: (readonly number[])[] = [];
    for (const { region } of batch) {
      const shape = shapeOf(region.blocks, wanted.single || mode.careful);
      translateRegion(module, shape, mode, targets);
      doors.push(doorsOf(shape));
    }
    const bytes = module.finish();
    const exports = this.#instantiate(bytes);
    const unit: Unit = {
      ...pagesOf(batch, mode.pageShift),
      translations: [],
      covered: isWhole ? rangesOf(batch) : [],
      modeKey: mode.key,
      bytes: bytes.length * BYTES_PER_WASM_BYTE,
      opened: new Set(),
      checked: this.#code.epoch,
    };
    for (let i = 0; i < batch.length; i++) {
      const { region, physical, indirect } = batch[i]!;
      const translation: Translation = {
        unit,
        physical,
        pc: region.pc,
        modeKey: key,
        run: exports[`f${i}`] as () => number,
        end: region.end,
        isDetour: amount === "block",
        indirect: wanted.single ? [] : indirect,
        doors: doors[i]!,
        wanted: i % SAMPLE !== 1,
      };
      unit.translations.push(translation);
      this.#indirect.use(translation);
      if (i === 0) continue;
      if (translation.wanted) this.#links.anticipate(region.pc, mode.key, translation.run);
      else this.#guessed++;
    }
    this.counters.modules++;
    return unit;
  }

  /**
   * The region wanted, and those that are likely to be wanted and are not there yet: what it calls, directly or
   * through others, and, since functions are often reached through pointers only, what lies behind it.
   */
  #collect(wanted: Wanted, amount: Amount): Found[] {
    const { mode } = wanted;
    const pageBytes = 2 ** mode.pageShift;
    const found: Found[] = [];
    const seen = new Set<number>([wanted.pc]);
    const queue = [{ pc: wanted.pc, physical: wanted.physical }];
    let insns = 0;
    const limit = amount === "batch" ? this.#batchSize() : 1;
    /** Ends of the regions in the batch, and of those met that were there before, by their starts. */
    const ends = new Map<number, number>();
    const enqueue = (target: number): void => {
      if (seen.has(target)) return;
      seen.add(target);
      const at = this.#physicalOf(target, wanted);
      if (at < 0) return;
      const known = this.#code.peek(at, target, mode.key);
      if (known === null) queue.push({ pc: target, physical: at });
      else ends.set(target, known.end);
    };
    const extent = amount === "batch" ? "region" : amount;
    const targetsOf = (at: number): readonly number[] => this.#indirect.targetsOf(at);
    let behind = wanted.pc;
    let first = 0;
    while (insns < limit) {
      while (first === queue.length) {
        const end = ends.get(behind);
        if (end === undefined || end <= behind || end % pageBytes === 0) break;
        behind = end;
        enqueue(behind);
      }
      const next = queue[first++];
      if (next === undefined) break;
      const { pc, physical } = next;
      const { u32 } = this.#memory;
      const host = (physical - this.#memory.ramBase + RAM_OFFSET) / 4;
      const fetch = (at: number): number => u32[host + (at - pc) / 4]!;
      const region = discover(this.#decoder, pc, fetch, pageBytes, extent, targetsOf);
      if (found.length > 0 && !looksLikeCode(region)) continue;
      const indirect: number[] = [];
      found.push({ region, physical, indirect });
      ends.set(pc, region.end);
      for (const block of region.blocks) {
        insns += block.insns.length;
        const { flow } = lastOf(block);
        if (flow === null) continue;
        if (flow.kind === "call" && block.targets.length === 0) {
          enqueue(lastPcOf(block) + flow.offset);
        } else if (flow.kind === "indirect" || flow.kind === "callIndirect") {
          indirect.push(lastPcOf(block));
        }
      }
    }
    this.counters.regions += found.length;
    this.counters.instructions += insns;
    return found;
  }

  #batchSize(): number {
    if (this.#guessed > 0) {
      const good = this.#guessedWell * GOOD_GUESSES >= this.#guessed;
      this.#batch = good
        ? Math.min(this.#batch * 2, MAX_BATCH)
        : Math.max(this.#batch / 2, MIN_BATCH);
      // Half of the past counts.
      this.#guessed /= 2;
      this.#guessedWell /= 2;
    }
    return this.#batch;
  }
}

interface Found {
  readonly region: Region;
  /** Physical address of its first instruction. */
  readonly physical: number;
  /** Addresses of its indirect branches and calls. */
  readonly indirect: readonly number[];
}

/** Makes the function that enters the region `run` at an entry. */
type EnterAt = (entry: number, run: () => number) => () => number;

function pagesOf(batch: readonly Found[], shift: number): Pick<Unit, "pages" | "codePages"> {
  const bytes = 2 ** shift;
  const pages = new Map<number, MappedPage>();
  const codePages = new Set<number>();
  for (const { region, physical } of batch) {
    const va = Math.floor(region.pc / bytes) * bytes;
    const pa = physical - region.pc + va;
    if (!pages.has(va)) pages.set(va, { va, pa });
    const to = Math.floor((pa + region.last) / CODE_PAGE_BYTES);
    let page = Math.floor((pa + region.first) / CODE_PAGE_BYTES);
    for (; page <= to; page++) codePages.add(page);
  }
  return { pages: [...pages.values()], codePages };
}

/**
 * Physical addresses of all blocks, each followed by how many instructions it has. The first instructions of functions that
 * are part of them are left out: others may call these.
 */
function rangesOf(batch: readonly Found[]): number[] {
  const ranges: number[] = [];
  for (const { region, physical } of batch) {
    const leaves = leavesOf(region);
    for (const { pc, insns } of region.blocks) {
      const skipped = leaves.includes(pc) ? 1 : 0;
      ranges.push(physical + pc - region.pc + skipped * 4, insns.length - skipped);
    }
  }
  return ranges;
}

/** Addresses and numbers of a region's entries. */
function doorsOf({ blocks, entries }: Shape): number[] {
  const doors: number[] = [];
  for (let i = 0; i < blocks.length; i++) {
    if (entries[i]! > 0) doors.push(blocks[i]!.pc, entries[i]!);
  }
  return doors;
}

/** No function begins with an undefined instruction; zeros, which fill pages up, are UDF #0. */
function looksLikeCode(region: Region): boolean {
  const first = region.blocks[0]?.insns[0];
  return first !== undefined && first.row !== null && first.word >>> 16 !== 0;
}
