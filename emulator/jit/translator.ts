import type { Decoder } from "../isa/decode.js";
import type { Mode } from "../isa/emitter.js";
import { ACCESS_EXEC } from "../mmu/access.js";
import type { Mmu } from "../mmu/mmu.js";
import { RAM_OFFSET, type PhysMemory } from "../mmu/phys-memory.js";
import type { ModuleBuilder } from "../wasm/module.js";
import {
  CODE_PAGE_SHIFT,
  CodeCache,
  type MappedPage,
  type Translation,
  type Unit,
} from "./code-cache.js";
import { IndirectTargets } from "./indirect.js";
import type { Links } from "./links.js";
import { discover, lastOf, leavesOf, type Extent, type Region } from "./region.js";
import { emitEntry } from "./entries.js";
import { shapeOf } from "./shape.js";
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
/**
 * Guest instructions translated together, at least and at most. What nobody asked for yet is a guess; the number
 * doubles while such guesses are good and halves while they are not.
 */
const MIN_BATCH = 150;
const MAX_BATCH = 4000;
/** Of the regions guessed, one in this many must be asked for in time. */
const GOOD_GUESSES = 3;

/** Makes translations, and keeps them. */
export class Translator {
  readonly #memory: PhysMemory;
  readonly #mmu: Mmu;
  readonly #decoder: Decoder;
  readonly #links: Links;
  readonly #module: ModuleBuilder;
  readonly #instantiate: (bytes: Uint8Array<ArrayBuffer>) => Record<string, unknown>;
  readonly #maxBytes: number;
  readonly #indirect = new IndirectTargets();
  readonly #code = new CodeCache((translation) => {
    this.#indirect.release(translation);
  });
  #batch = MIN_BATCH;
  /** Regions that nobody had asked for when they were made, and how many of them somebody did later. */
  #guessed = 0;
  #guessedWell = 0;
  /** Regions translated, guest instructions in them, and how often everything was forgotten for want of room. */
  readonly counters = { regions: 0, instructions: 0, modules: 0, flushes: 0 };

  /**
   * @param instantiate makes a module of regions into its exports
   * @param maxBytes translated code may take about so much memory
   */
  constructor(
    memory: PhysMemory,
    mmu: Mmu,
    decoder: Decoder,
    links: Links,
    module: ModuleBuilder,
    instantiate: (bytes: Uint8Array<ArrayBuffer>) => Record<string, unknown>,
    maxBytes: number,
  ) {
    this.#memory = memory;
    this.#mmu = mmu;
    this.#decoder = decoder;
    this.#links = links;
    this.#module = module;
    this.#instantiate = instantiate;
    this.#maxBytes = maxBytes;
  }

  /** The translation wanted, found or made. */
  get(wanted: Wanted): Translation {
    const { physical, pc, mode } = wanted;
    const key = wanted.single ? ~mode.key : mode.key;
    const found = this.#code.find(
      physical,
      pc,
      key,
      ({ va, pa }) => this.#physicalOf(va, wanted) === pa,
    );
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
    for (const page of unit.codePages) this.#mmu.setCodePage(page * 2 ** CODE_PAGE_SHIFT, true);
    return unit.translations[0]!;
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
    for (const translation of outdated) this.#code.hide(translation);
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
    for (const page of codePages) this.#mmu.setCodePage(page * 2 ** CODE_PAGE_SHIFT, false);
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
    const own = new Map(batch.map(({ region }, i) => [region.pc, i]));
    const ways = batch.map((found): Way => ({ found, pc: found.region.pc, isGuess: true }));
    ways[0]!.isGuess = false;
    const shapes = batch.map(({ region }) => shapeOf(region.blocks, wanted.single || mode.careful));
    for (const shape of shapes) {
      translateRegion(module, shape, mode, {
        linkSlot: (target) => this.#links.slotFor(mode.key, target),
        ownFunction: (target) => own.get(target) ?? null,
      });
    }
    batch.forEach((found, i) => {
      shapes[i]!.entries.forEach((number, at) => {
        const { pc } = found.region.blocks[at]!;
        // One region's entry may be another's start.
        if (number === 0 || own.has(pc)) return;
        own.set(pc, ways.length);
        emitEntry(module, i, number);
        ways.push({ found, pc, isGuess: false });
      });
    });
    const bytes = module.finish();
    const exports = this.#instantiate(bytes);
    const unit: Unit = {
      ...this.#pagesOf(batch, mode.pageShift),
      translations: [],
      covered: isWhole ? instructionsOf(batch) : [],
      modeKey: mode.key,
      bytes: bytes.length * BYTES_PER_WASM_BYTE,
      checked: this.#code.epoch,
    };
    ways.forEach(({ found, pc, isGuess }, i) => {
      const { region, physical } = found;
      const translation = {
        unit,
        physical: physical + pc - region.pc,
        pc,
        modeKey: key,
        run: exports[`f${i}`] as () => number,
        end: Math.max(found.end, pc),
        isDetour: amount === "block",
        indirect: wanted.single ? [] : found.indirect,
        wanted: !isGuess,
      };
      unit.translations.push(translation);
      this.#indirect.use(translation);
    });
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
    let behind = wanted.pc;
    while (insns < limit) {
      while (queue.length === 0) {
        const end = ends.get(behind);
        if (end === undefined || end <= behind || end % pageBytes === 0) break;
        behind = end;
        enqueue(behind);
      }
      const next = queue.shift();
      if (next === undefined) break;
      const { pc, physical } = next;
      const host = physical - this.#memory.ramBase + RAM_OFFSET;
      const region = discover(
        this.#decoder,
        pc,
        (at) => this.#memory.u32[(host + at - pc) / 4]!,
        pageBytes,
        amount === "batch" ? "region" : amount,
        (at) => this.#indirect.targetsOf(at),
      );
      if (found.length > 0 && !looksLikeCode(region)) continue;
      const end = endOf(region);
      found.push({ region, physical, end, indirect: indirectBranches(region) });
      ends.set(pc, end);
      for (const block of region.blocks) {
        insns += block.insns.length;
        const last = lastOf(block);
        if (last.flow?.kind === "call" && block.targets.length === 0)
          enqueue(last.pc + last.flow.offset);
      }
    }
    this.#guessed += found.length - 1;
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

  #pagesOf(batch: readonly Found[], shift: number): Pick<Unit, "pages" | "codePages"> {
    const pages = new Map<number, MappedPage>();
    const codePages = new Set<number>();
    for (const { region, physical } of batch) {
      const page = Math.floor(region.pc / 2 ** shift);
      const within = region.pc - page * 2 ** shift;
      pages.set(page, { va: page * 2 ** shift, pa: physical - within });
      for (const { insns } of region.blocks) {
        for (const insn of insns) {
          codePages.add(Math.floor((insn.pc + physical - region.pc) / 2 ** CODE_PAGE_SHIFT));
        }
      }
    }
    return { pages: [...pages.values()], codePages };
  }
}

interface Found {
  readonly region: Region;
  /** Physical address of its first instruction. */
  readonly physical: number;
  /** Where the code that begins there has its first gap. */
  readonly end: number;
  /** Addresses of its indirect branches. */
  readonly indirect: readonly number[];
}

/** Physical addresses of all instructions, but those that functions begin with: others may call these. */
function instructionsOf(batch: readonly Found[]): number[] {
  return batch.flatMap(({ region, physical }) => {
    const leaves = new Set(leavesOf(region));
    return region.blocks.flatMap(({ insns }) =>
      insns.flatMap(({ pc }) => (leaves.has(pc) ? [] : [physical + pc - region.pc])),
    );
  });
}

/** A way into a module's code: a region's start, or another entry of it. */
interface Way {
  readonly found: Found;
  readonly pc: number;
  /** Nobody has asked for it yet. */
  isGuess: boolean;
}

/** No function begins with an undefined instruction; zeros, which fill pages up, are UDF #0. */
function looksLikeCode(region: Region): boolean {
  const first = region.blocks[0]?.insns[0];
  return first !== undefined && first.row !== null && first.word >>> 16 !== 0;
}

/** Where the code that begins with the region's entry has its first gap. */
function endOf(region: Region): number {
  const blocks = new Map(region.blocks.map((block) => [block.pc, lastOf(block).pc + 4]));
  let end = region.pc;
  for (;;) {
    const next = blocks.get(end);
    if (next === undefined) return end;
    end = next;
  }
}

/** Addresses of the indirect branches and calls of a region. */
function indirectBranches(region: Region): number[] {
  return region.blocks.flatMap((block) => {
    const last = lastOf(block);
    const kind = last.flow?.kind;
    return kind === "indirect" || kind === "callIndirect" ? [last.pc] : [];
  });
}
