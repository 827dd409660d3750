import type { Decoder } from "../isa/decode.js";
import type { Mode } from "../isa/emitter.js";
import type { Mmu } from "../mmu/mmu.js";
import type { ModuleBuilder } from "../wasm/module.js";
import { collectBatch, pagesOf, rangesOf, type CodeSources } from "./batch.js";
import {
  CODE_PAGE_BYTES,
  CodeCache,
  type MappedPage,
  type Translation,
  type Unit,
} from "./code-cache.js";
import { Guesses, isSample } from "./guesses.js";
import { IndirectTargets } from "./indirect.js";
import type { Links } from "./links.js";
import type { Extent } from "./region.js";
import { shapeOf, type Shape } from "./shape.js";
import { translateRegion } from "./translate.js";
import { physicalOf, type Wanted } from "./wanted.js";

/** How much is to be made. */
type Amount = Extent | "batch";

/**
 * Memory of a byte of WebAssembly once V8 has compiled it, by either compiler, with all that belongs to it:
 * measured as growth of the process.
 */
const BYTES_PER_WASM_BYTE = 20;
/** The same of a function that enters a region in its middle: an instance of its own. */
const DOOR_BYTES = 4096;

/** Makes translations, and keeps them. */
export class Translator {
  readonly #mmu: Mmu;
  readonly #links: Links;
  readonly #module: ModuleBuilder;
  readonly #instantiate: (bytes: Uint8Array<ArrayBuffer>) => Record<string, unknown>;
  readonly #enterAt: EnterAt;
  readonly #maxBytes: number;
  readonly #indirect = new IndirectTargets();
  readonly #code = new CodeCache((translation) => {
    this.#indirect.release(translation);
  });
  readonly #sources: CodeSources;
  readonly #guesses = new Guesses();
  /** Regions translated, guest instructions in them, and how often everything was forgotten for want of room. */
  readonly counters = { regions: 0, instructions: 0, modules: 0, flushes: 0 };

  /**
   * @param instantiate makes a module of regions into its exports
   * @param enterAt makes the function that enters a region at one of its entries
   * @param maxBytes translated code may take about so much memory
   */
  constructor(
    mmu: Mmu,
    decoder: Decoder,
    links: Links,
    module: ModuleBuilder,
    instantiate: (bytes: Uint8Array<ArrayBuffer>) => Record<string, unknown>,
    enterAt: EnterAt,
    maxBytes: number,
  ) {
    this.#mmu = mmu;
    this.#sources = { mmu, decoder, code: this.#code, indirect: this.#indirect };
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
    const isMapped = ({ va, pa }: MappedPage): boolean => physicalOf(this.#mmu, va, wanted) === pa;
    const found =
      this.#code.find(physical, pc, key, isMapped) ?? this.#openDoor(physical, pc, key, isMapped);
    if (found !== null && found.isDetour && wanted.resumes) this.#code.hide(found);
    else if (found !== null) {
      if (!found.wanted) {
        found.wanted = true;
        this.#guesses.cameTrue();
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

  #make(wanted: Wanted, key: number, amount: Amount): Unit {
    const isBatch = amount === "batch";
    const limit = isBatch ? this.#guesses.batchSize() : 1;
    const extent = isBatch ? "region" : amount;
    const { found: batch, insns } = collectBatch(this.#sources, wanted, extent, limit);
    this.counters.regions += batch.length;
    this.counters.instructions += insns;
    const module = this.#module;
    const { mode } = wanted;
    const isWhole = extent === "region" && !mode.careful;
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
        wanted: !isSample(i),
      };
      unit.translations.push(translation);
      this.#indirect.use(translation);
      if (i === 0) continue;
      if (translation.wanted) this.#links.anticipate(region.pc, mode.key, translation.run);
      else this.#guesses.made();
    }
    this.counters.modules++;
    return unit;
  }
}

/** Makes the function that enters the region `run` at an entry. */
type EnterAt = (entry: number, run: () => number) => () => number;

/** Addresses and numbers of a region's entries. */
function doorsOf({ blocks, entries }: Shape): number[] {
  const doors: number[] = [];
  for (let i = 0; i < blocks.length; i++) {
    if (entries[i]! > 0) doors.push(blocks[i]!.pc, entries[i]!);
  }
  return doors;
}
