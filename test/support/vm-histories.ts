import { SeededRandom } from "../../vm/random.js";
import {
  VM_INHERIT_COPY,
  VM_INHERIT_NONE,
  VM_INHERIT_SHARE,
  VM_MEMORY_MALLOC,
  VM_PROT_EXECUTE,
  VM_PROT_NONE,
  VM_PROT_READ,
  VM_PROT_WRITE,
} from "../../vm/types.js";
import {
  FILE_PAGES,
  FIRST_PAGE,
  LAST_PAGE,
  MAX_COPIES,
  MAX_MAPS,
  type VmStep,
} from "./vm-steps.js";
import { PAGE } from "./vm-world.js";

const R = VM_PROT_READ;
const RW = VM_PROT_READ | VM_PROT_WRITE;
const PROTS = [VM_PROT_NONE, R, RW, RW, R | VM_PROT_EXECUTE, 7] as const;
const OFFSETS = [0, 0, 0, 1, 100, PAGE - 1] as const;
const RESTS = [0, 0, 1, 200, PAGE - 100] as const;
const TAGS = [0, 0, 0, VM_MEMORY_MALLOC, 200] as const;
const INHERITANCES = [VM_INHERIT_SHARE, VM_INHERIT_COPY, VM_INHERIT_NONE] as const;

/** How often each kind of step comes, relative to the others. */
const WEIGHTS: readonly (readonly [VmStep["op"], number])[] = [
  ["allocate", 5],
  ["deallocate", 2],
  ["protect", 4],
  ["inherit", 2],
  ["read", 3],
  ["write", 8],
  ["wire", 2],
  ["unwire", 2],
  ["fork", 3],
  ["exit", 1],
  ["spawn", 1],
  ["copyin", 5],
  ["copyout", 2],
  ["overwrite", 5],
  ["discard", 1],
  ["mapFile", 2],
  ["remap", 4],
  ["window", 2],
  ["subAllocate", 1],
  ["subDeallocate", 1],
  ["subProtect", 1],
];
const OPS = WEIGHTS.flatMap(([op, weight]) => new Array<VmStep["op"]>(weight).fill(op));

/** Steps drawn from a seed: the same kinds as `anyStep`, a hundred times as fast. */
export class StepSource {
  readonly #random: SeededRandom;

  constructor(seed: number) {
    this.#random = new SeededRandom(seed);
  }

  steps(count: number): VmStep[] {
    return Array.from({ length: count }, () => this.#step());
  }

  #step(): VmStep {
    const map = this.#below(MAX_MAPS);
    const page = FIRST_PAGE + this.#below(LAST_PAGE - FIRST_PAGE + 1);
    const range = { map, page, count: 1 + this.#below(8) };
    const op = this.#of(OPS);
    switch (op) {
      case "allocate":
        return { op, ...range, tag: this.#of(TAGS) };
      case "deallocate":
      case "wire":
      case "unwire":
        return { op, ...range };
      case "protect": {
        const setMax = this.#below(4) === 0;
        const prot = this.#of(PROTS);
        return { op, ...range, prot: setMax ? prot | R : prot, setMax };
      }
      case "inherit":
        return { op, ...range, inheritance: this.#of(INHERITANCES) };
      case "read":
        return { op, ...this.#bytes(map, page) };
      case "write":
        return { op, ...this.#bytes(map, page), fill: 1 + this.#below(255) };
      case "fork":
      case "exit":
        return { op, map };
      case "spawn":
        return { op, pageShift: this.#below(2) === 0 ? 12 : 14 };
      case "copyin":
        return { op, ...this.#bytes(map, page), list: this.#below(2) === 0 };
      case "copyout":
        return { op, map, copy: this.#below(MAX_COPIES) };
      case "overwrite":
        return { op, map, address: this.#address(page), copy: this.#below(MAX_COPIES) };
      case "discard":
        return { op, copy: this.#below(MAX_COPIES) };
      case "mapFile": {
        const filePage = this.#below(FILE_PAGES);
        return { op, ...range, filePage, asCopy: this.#below(2) === 0 };
      }
      case "remap": {
        const count = 1 + this.#below(4); // few, so that there is memory in all of them, and room
        const toPage = FIRST_PAGE + this.#below(LAST_PAGE - FIRST_PAGE + 1);
        const asCopy = this.#below(2) === 0;
        return { op, map, page, count, to: this.#below(MAX_MAPS), toPage, asCopy };
      }
      case "window":
        return { op, ...range, inside: FIRST_PAGE + this.#below(LAST_PAGE - FIRST_PAGE + 1) };
      case "subAllocate":
      case "subDeallocate":
        return { op, ...range };
      case "subProtect":
        return { op, ...range, prot: this.#below(2) === 0 ? R : RW };
    }
  }

  #bytes(map: number, page: number): { map: number; address: number; size: number } {
    const size = Math.max(this.#below(7) * PAGE + this.#of(RESTS), 1);
    return { map, address: this.#address(page), size };
  }

  #address(page: number): number {
    return page * PAGE + this.#of(OFFSETS);
  }

  #of<T>(choices: readonly T[]): T {
    return choices[this.#below(choices.length)]!;
  }

  #below(count: number): number {
    return this.#random.next32() % count;
  }
}

/**
 * Leave out of a failing history whatever can be left out: halves first, then ever smaller runs of
 * steps, until each step is needed.
 * @param fails runs a history from its start; true if it still fails
 */
export function shrinkHistory(
  steps: readonly VmStep[],
  fails: (steps: readonly VmStep[]) => boolean,
): readonly VmStep[] {
  let best = steps;
  for (let size = Math.ceil(best.length / 2); size >= 1; size = size === 1 ? 0 : size >> 1) {
    for (let at = 0; at < best.length;) {
      const fewer = [...best.slice(0, at), ...best.slice(at + size)];
      if (fails(fewer)) best = fewer;
      else at += size;
    }
  }
  return best;
}
