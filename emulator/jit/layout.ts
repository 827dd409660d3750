import type { Mode } from "../isa/emitter.js";
import type { Label } from "../wasm/builder.js";
import type { ModuleBuilder } from "../wasm/module.js";
import type { RegionContext } from "./exit-emitter.js";
import type { FramePart } from "./frame.js";
import type { Block } from "./region.js";
import { hostFunctionType } from "./runtime.js";
import type { Shape } from "./shape.js";

/** How a region reaches others. */
export interface CallTargets {
  /** Table slot that leads to the translation of an address under a mode. */
  linkSlot(mode: Mode, pc: number): number;
  /** The function of the module under construction that is the region at an address, or null. */
  ownFunction(pc: number): number | null;
}

/** A region lies within a page of at most so many bytes, so the low bits of its addresses tell them apart. */
const MAX_PAGE_BYTES = 2 ** 16;
/** By the low bits of an address: 1 more than the number of the block there, 0 for none. Of one layout at a time. */
const blockAt = new Int32Array(MAX_PAGE_BYTES / 4);

/** Takes numbers beyond 2^32, as all bit operations do, modulo that. */
function placeOf(pc: number): number {
  return (pc & (MAX_PAGE_BYTES - 1)) >>> 2;
}

/** Where the blocks of the region under construction are, and what is known of the way to them. */
export class Layout implements RegionContext {
  readonly #module: ModuleBuilder;
  readonly #mode: Mode;
  readonly #shape: Shape;
  readonly #others: CallTargets;
  /** Labels that are open, by block. */
  readonly labels: (Label | null)[] = [];
  /** The block that code is emitted for. */
  current = 0;
  /** The last block of a loop that other code than the next block follows; -1 if none. */
  apart = -1;

  /** Ends with `release`. */
  constructor(module: ModuleBuilder, mode: Mode, shape: Shape, others: CallTargets) {
    this.#module = module;
    this.#mode = mode;
    this.#shape = shape;
    this.#others = others;
    const { blocks } = shape;
    for (let i = 0; i < blocks.length; i++) {
      blockAt[placeOf(blocks[i]!.pc)] = i + 1;
      this.labels.push(null);
    }
  }

  /** Another layout can be made. */
  release(): void {
    for (const { pc } of this.#shape.blocks) blockAt[placeOf(pc)] = 0;
  }

  #find(pc: number): number {
    const i = blockAt[placeOf(pc)]! - 1;
    return i >= 0 && this.#shape.blocks[i]!.pc === pc ? i : -1;
  }

  get block(): Block {
    return this.#shape.blocks[this.current]!;
  }

  host(name: string): number {
    return this.#module.import(name, hostFunctionType(name));
  }

  linkSlot(pc: number): number {
    return this.#others.linkSlot(this.#mode, pc);
  }

  ownFunction(pc: number): number | null {
    return this.#others.ownFunction(pc);
  }

  labelOf(pc: number): Label | null {
    const i = this.#find(pc);
    return i < 0 ? null : this.labels[i]!;
  }

  fallsInto(pc: number): boolean {
    return this.#find(pc) === this.current + 1 && this.apart !== this.current;
  }

  contains(pc: number): boolean {
    return this.#find(pc) >= 0;
  }

  targets(): readonly number[] {
    return this.block.targets;
  }

  partToLoadAt(pc: number): FramePart | null {
    const i = this.#find(pc);
    return this.#shape.loadsAtStart[i] === 1 ? null : this.#shape.partOf[i]!;
  }

  sharesChanges(pc: number): boolean {
    const { loops } = this.#shape;
    const i = this.#find(pc);
    return i >= 0 && loops[i] !== null && loops[i] === loops[this.current];
  }
}
