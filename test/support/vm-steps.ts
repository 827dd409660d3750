import fc from "fast-check";
import {
  VM_INHERIT_COPY,
  VM_INHERIT_NONE,
  VM_INHERIT_SHARE,
  VM_MEMORY_MALLOC,
  VM_PROT_EXECUTE,
  VM_PROT_NONE,
  VM_PROT_READ,
  VM_PROT_WRITE,
  type VmInherit,
  type VmProt,
} from "../../vm/types.js";
import { PAGE } from "./vm-world.js";

/** A range of whole pages; `map` is taken modulo the number of address spaces alive. */
export interface PageRange {
  readonly map: number;
  readonly page: number;
  readonly count: number;
}

/** A range of bytes. */
interface ByteRange {
  readonly map: number;
  readonly address: number;
  readonly size: number;
}

/** One thing somebody does to memory. `copy` is taken modulo the number of copies under way. */
export type VmStep =
  | ({ readonly op: "deallocate" | "wire" | "unwire" } & PageRange)
  | ({ readonly op: "allocate"; readonly tag: number } & PageRange)
  /** Show part of the submap there is for its page size; then what happens to that submap itself. */
  | ({ readonly op: "window"; readonly inside: number } & PageRange)
  | ({ readonly op: "subAllocate" | "subDeallocate" } & PageRange)
  | ({ readonly op: "subProtect"; readonly prot: VmProt } & PageRange)
  | ({ readonly op: "protect"; readonly prot: VmProt; readonly setMax: boolean } & PageRange)
  | ({ readonly op: "inherit"; readonly inheritance: VmInherit } & PageRange)
  | ({ readonly op: "read" } & ByteRange)
  | ({ readonly op: "write"; readonly fill: number } & ByteRange)
  | { readonly op: "fork" | "exit"; readonly map: number }
  /** A new, empty address space. */
  | { readonly op: "spawn"; readonly pageShift: 12 | 14 }
  | ({ readonly op: "copyin"; readonly list: boolean } & ByteRange)
  | { readonly op: "copyout"; readonly map: number; readonly copy: number }
  | {
      readonly op: "overwrite";
      readonly map: number;
      readonly address: number;
      readonly copy: number;
    }
  | { readonly op: "discard"; readonly copy: number }
  | ({
      readonly op: "mapFile";
      readonly filePage: number;
      readonly asCopy: boolean;
    } & PageRange)
  | ({
      readonly op: "remap";
      readonly to: number;
      readonly toPage: number;
      readonly asCopy: boolean;
    } & PageRange);

/** Length of the one file there is. */
export const FILE_PAGES = 6;

/** Where steps reach; copies mapped "anywhere" end up in the low part. */
export const FIRST_PAGE = 1;
export const LAST_PAGE = 18;
const OPENING_PAGE = 7;
export const MAX_MAPS = 4;
export const MAX_COPIES = 3;

const map = fc.nat(MAX_MAPS - 1);
const page = fc.integer({ min: FIRST_PAGE, max: LAST_PAGE });
const pages = { map, page, count: fc.integer({ min: 1, max: 8 }) };
const inPage = fc.constantFrom(0, 0, 0, 1, 100, PAGE - 1);
const address = fc.tuple(page, inPage).map(([n, offset]) => n * PAGE + offset);
const size = fc
  .tuple(fc.integer({ min: 0, max: 6 }), fc.constantFrom(0, 0, 1, 200, PAGE - 100))
  .map(([n, rest]) => Math.max(n * PAGE + rest, 1));
const bytes = { map, address, size };
const R = VM_PROT_READ;
const prot = fc.constantFrom(
  VM_PROT_NONE,
  R,
  R | VM_PROT_WRITE,
  R | VM_PROT_WRITE,
  R | VM_PROT_EXECUTE,
  7,
);
const inheritance = fc.constantFrom(VM_INHERIT_SHARE, VM_INHERIT_COPY, VM_INHERIT_NONE);
const fill = fc.integer({ min: 1, max: 255 });
const copy = fc.nat(MAX_COPIES - 1);

function step<T extends VmStep["op"], R extends object>(
  op: T,
  weight: number,
  fields: { [K in keyof R]: fc.Arbitrary<R[K]> },
): { weight: number; arbitrary: fc.Arbitrary<VmStep> } {
  return {
    weight,
    arbitrary: fc.record({ op: fc.constant(op), ...fields }) as unknown as fc.Arbitrary<VmStep>,
  };
}

/** What every history begins with: memory in the first two address spaces, some of it written. */
export const opening: readonly VmStep[] = [0, 1].flatMap((first) => [
  { op: "allocate", map: first, page: OPENING_PAGE, count: 10, tag: 0 },
  { op: "write", map: first, address: (OPENING_PAGE + 1) * PAGE, size: 4 * PAGE, fill: 0x11 },
  { op: "write", map: first, address: (OPENING_PAGE + 6) * PAGE, size: 2 * PAGE, fill: 0x22 },
]);

/** Any step, the ones that move contents about more often. */
export const anyStep: fc.Arbitrary<VmStep> = fc.oneof(
  step("allocate", 5, { ...pages, tag: fc.constantFrom(0, 0, 0, VM_MEMORY_MALLOC, 200) }),
  step("deallocate", 2, pages),
  step("protect", 3, { ...pages, prot, setMax: fc.constant(false) }),
  step("protect", 1, { ...pages, prot: prot.map((bits) => bits | R), setMax: fc.constant(true) }),
  step("inherit", 2, { ...pages, inheritance }),
  step("read", 3, bytes),
  step("write", 8, { ...bytes, fill }),
  step("wire", 2, pages),
  step("unwire", 2, pages),
  step("fork", 3, { map }),
  step("exit", 1, { map }),
  step("spawn", 1, { pageShift: fc.constantFrom(12 as const, 14 as const) }),
  step("copyin", 5, { ...bytes, list: fc.boolean() }),
  step("copyout", 2, { map, copy }),
  step("overwrite", 5, { map, address, copy }),
  step("discard", 1, { copy }),
  step("mapFile", 2, { ...pages, filePage: fc.nat(FILE_PAGES - 1), asCopy: fc.boolean() }),
  step("window", 2, { ...pages, inside: page }),
  step("subAllocate", 1, pages),
  step("subDeallocate", 1, pages),
  step("subProtect", 1, { ...pages, prot: fc.constantFrom(R, R | VM_PROT_WRITE) }),
  step("remap", 3, {
    ...pages,
    count: fc.integer({ min: 1, max: 4 }),
    to: map,
    toPage: page,
    asCopy: fc.boolean(),
  }),
);

/** Steps are told in pages of 16 KiB from page 1 up: the same place in the pages there are. */
export function addressIn({ pageSize }: { readonly pageSize: number }, address: number): number {
  const page = Math.floor(address / PAGE);
  return (page - 1) * pageSize + PAGE + inPageOf(pageSize, address % PAGE);
}

export function sizeIn({ pageSize }: { readonly pageSize: number }, size: number): number {
  return Math.floor(size / PAGE) * pageSize + inPageOf(pageSize, size % PAGE);
}

function inPageOf(pageSize: number, offset: number): number {
  return offset < pageSize ? offset : offset - (PAGE - pageSize);
}
