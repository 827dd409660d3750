import type { VmProt } from "../../vm/types.js";

/** A range of the program's address space, before any slide. Bytes throughout. */
export interface ImageSegment {
  /** Mach-O segment name, or "LOAD 0", "LOAD 1", ... */
  readonly name: string;
  readonly vmAddress: number;
  readonly vmSize: number;
  /** Offset within `LoadedImage.bytes`. */
  readonly fileOffset: number;
  readonly fileSize: number;
  readonly protection: VmProt;
  readonly maxProtection: VmProt;
}

/** A symbol's unslid address. */
export interface ImageSymbol {
  readonly address: number;
  readonly name: string;
}

/** Symbols in address order, for "which function is this pc in". */
export class SymbolTable {
  readonly symbols: readonly ImageSymbol[];

  /** @param symbols in any order; of several at one address the first stays */
  constructor(symbols: readonly ImageSymbol[]) {
    const sorted = symbols.map((s, i) => ({ s, i }));
    sorted.sort((a, b) => a.s.address - b.s.address || a.i - b.i);
    this.symbols = sorted.map((x) => x.s).filter((s, i, all) => s.address !== all[i - 1]?.address);
  }

  /** The symbol at or before an unslid `address` and the distance from it, or null below the first. */
  lookup(address: number): { readonly name: string; readonly offset: number } | null {
    let lo = 0;
    let hi = this.symbols.length;
    while (lo < hi) {
      const mid = (lo + hi) >>> 1;
      if ((this.symbols[mid]?.address ?? Infinity) <= address) lo = mid + 1;
      else hi = mid;
    }
    const found = this.symbols[lo - 1];
    return found === undefined ? null : { name: found.name, offset: address - found.address };
  }

  /** Unslid address of the first symbol called `name`. */
  addressOf(name: string): number | null {
    return this.symbols.find((s) => s.name === name)?.address ?? null;
  }
}

/** The registers LC_UNIXTHREAD asks for (ARM_THREAD_STATE64). */
export interface ImageRegisters {
  /** x0..x28, fp, lr. */
  readonly x: readonly bigint[];
  readonly sp: bigint;
}

/** A program file, parsed and checked, before it is mapped anywhere. */
export interface LoadedImage {
  readonly format: "macho" | "elf";
  readonly personality: "darwin" | "linux";
  /** The file, or the arm64 slice of a fat file, which starts at `sliceOffset` of it. */
  readonly bytes: Uint8Array;
  readonly sliceOffset: number;
  /** Unslid address of the first instruction. */
  readonly entry: number;
  readonly segments: readonly ImageSegment[];
  /** Every address below is refused (end of __PAGEZERO), unslid; 0 if there is none. */
  readonly pageZeroEnd: number;
  /** May be moved by a slide: MH_PIE, or an ELF file of type ET_DYN. */
  readonly positionIndependent: boolean;
  /** Registers besides pc and sp; null for all zero. */
  readonly registers: ImageRegisters | null;
  /**
   * Top of a stack the program brings itself, so that none is allocated; null as a rule. XNU reads it
   * from the upper half of x6 of LC_UNIXTHREAD, where a 32-bit thread state has its sp.
   */
  readonly customStackTop: number | null;
  /** The stack is to be executable (MH_ALLOW_STACK_EXECUTION, PT_GNU_STACK with X). */
  readonly executableStack: boolean;
  /** Program headers as the program sees them, for the auxiliary vector; null for Mach-O. */
  readonly programHeaders: {
    readonly address: number;
    readonly entryBytes: number;
    readonly count: number;
  } | null;
  /** Path of the program interpreter (PT_INTERP) that must be loaded too, or null. */
  readonly interpreter: string | null;
  /** Libraries it names (DT_NEEDED); empty for a static one. */
  readonly libraries: readonly string[];
  /** Thread-local storage template (PT_TLS), which the program sets up itself; null if none. */
  readonly tls: {
    readonly address: number;
    readonly fileSize: number;
    readonly vmSize: number;
  } | null;
  readonly symbols: SymbolTable;
}
