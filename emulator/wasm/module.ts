import { check } from "../arch/check.js";
import type { Body } from "./builder.js";
import { CodeBuffer } from "./code-buffer.js";
import { VALUE_TYPE } from "./opcodes.js";
import type { ValType } from "./opcodes.js";

export interface FuncType {
  readonly params: readonly ValType[];
  readonly results: readonly ValType[];
}

/** Code to be inserted into a body: the bytes `[from, to)` of `code` before the byte at `at`. */
export interface Splice {
  readonly at: number;
  readonly code: CodeBuffer;
  readonly from: number;
  readonly to: number;
}

interface Import {
  readonly name: string;
  readonly type: number;
}

/**
 * WebAssembly branch hinting proposal: the section's name, the length of a hint, and "unlikely". An engine without
 * it skips the section.
 */
const BRANCH_HINTS = { name: "metadata.code.branch_hint", bytes: 1, unlikely: 0 } as const;

const SECTION = { custom: 0, type: 1, import: 2, function: 3, export: 7, code: 10 } as const;
const EXTERNAL = { func: 0, table: 1, memory: 2 } as const;
const IMPORT_MODULE = "m";

/**
 * Assembles a module that imports one memory (`m.memory`), one table of functions (`m.table`) if it
 * asks for it, and any host functions, and exports its functions as `f0`, `f1`, ... Import indices are given out as
 * functions are first called, so host functions must be known before the module's own are called.
 */
export class ModuleBuilder {
  private readonly types: FuncType[] = [];
  private readonly imports: Import[] = [];
  private readonly functionTypes: number[] = [];
  /** Of each function, the offsets of its unlikely branches from the start of its body. */
  private readonly unlikely: number[][] = [];
  /** Calls of the module's own functions, by their place in the code. */
  private readonly ownCalls: { readonly at: number; readonly index: number }[] = [];
  private readonly code = new CodeBuffer();
  private readonly section = new CodeBuffer();
  private readonly out = new CodeBuffer();

  private readonly memoryPages: number;

  /** @param memoryPages both limits of the imported memory, in 64 KiB pages */
  constructor(memoryPages: number) {
    this.memoryPages = memoryPages;
  }

  begin(): void {
    this.types.length = 0;
    this.imports.length = 0;
    this.functionTypes.length = 0;
    this.unlikely.length = 0;
    this.ownCalls.length = 0;
    this.code.reset();
  }

  /** Index of a function type, adding it when it is new. */
  type(type: FuncType): number {
    const same = this.types.indexOf(type);
    if (same >= 0) return same;
    const found = this.types.findIndex((t) => sameType(t, type));
    if (found >= 0) return found;
    this.types.push(type);
    return this.types.length - 1;
  }

  /** Index of an imported function, adding the import when it is new. */
  import(name: string, type: FuncType): number {
    for (let i = 0; i < this.imports.length; i++) if (this.imports[i]!.name === name) return i;
    this.imports.push({ name, type: this.type(type) });
    return this.imports.length - 1;
  }

  /**
   * Append a finished function.
   * @param splices in rising order of their places
   */
  func(type: FuncType, body: Body, splices: readonly Splice[] = []): void {
    this.functionTypes.push(this.type(type));
    const head = this.section;
    head.reset();
    body.writeLocals(head);
    let size = head.length + body.length + 1;
    for (const { from, to } of splices) size += to - from;
    this.code.u32(size);
    const start = this.code.length;
    this.code.append(head);
    const unlikely: number[] = [];
    let done = 0;
    let next = 0;
    let nextCall = 0;
    const upTo = (end: number): void => {
      const shift = this.code.length - start - done;
      for (; next < body.unlikelyAt.length && body.unlikelyAt[next]! < end; next++) {
        unlikely.push(body.unlikelyAt[next]! + shift);
      }
      for (; nextCall < body.ownCalls.length && body.ownCalls[nextCall]!.at < end; nextCall++) {
        const { at, index } = body.ownCalls[nextCall]!;
        this.ownCalls.push({ at: this.code.length + at - done, index });
      }
      this.code.appendRange(body, done, end);
      done = end;
    };
    for (const { at, code, from, to } of splices) {
      upTo(at);
      this.code.appendRange(code, from, to);
    }
    upTo(body.length);
    this.code.byte(0x0b);
    this.unlikely.push(unlikely);
  }

  /** The finished module: a copy that stays valid when the builder is used again. */
  finish({ importsTable = false } = {}): Uint8Array<ArrayBuffer> {
    for (const { at, index } of this.ownCalls)
      this.code.patchPadded(at, this.imports.length + index);
    const out = this.out;
    out.reset();
    out.raw([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);
    this.write(SECTION.type, (s) => {
      s.u32(this.types.length);
      for (const type of this.types) {
        s.byte(0x60);
        writeTypes(s, type.params);
        writeTypes(s, type.results);
      }
    });
    this.write(SECTION.import, (s) => {
      s.u32(this.imports.length + (importsTable ? 2 : 1));
      writeName(s, IMPORT_MODULE);
      writeName(s, "memory");
      s.raw([EXTERNAL.memory, 0x01]);
      s.u32(this.memoryPages);
      s.u32(this.memoryPages);
      if (importsTable) {
        writeName(s, IMPORT_MODULE);
        writeName(s, "table");
        s.raw([EXTERNAL.table, 0x70, 0x00, 0x00]);
      }
      for (const entry of this.imports) {
        writeName(s, IMPORT_MODULE);
        writeName(s, entry.name);
        s.byte(EXTERNAL.func);
        s.u32(entry.type);
      }
    });
    this.write(SECTION.function, (s) => {
      s.u32(this.functionTypes.length);
      for (const type of this.functionTypes) s.u32(type);
    });
    this.write(SECTION.export, (s) => {
      s.u32(this.functionTypes.length);
      for (let i = 0; i < this.functionTypes.length; i++) {
        writeName(s, `f${i}`);
        s.byte(EXTERNAL.func);
        s.u32(this.imports.length + i);
      }
    });
    this.writeBranchHints();
    this.write(SECTION.code, (s) => {
      s.u32(this.functionTypes.length);
      s.append(this.code);
    });
    return out.bytes.slice(0, out.length);
  }

  private writeBranchHints(): void {
    const hinted = this.unlikely.filter((offsets) => offsets.length > 0).length;
    if (hinted === 0) return;
    this.write(SECTION.custom, (s) => {
      writeName(s, BRANCH_HINTS.name);
      s.u32(hinted);
      this.unlikely.forEach((offsets, i) => {
        if (offsets.length === 0) return;
        s.u32(this.imports.length + i);
        s.u32(offsets.length);
        for (const offset of offsets) {
          s.u32(offset);
          s.u32(BRANCH_HINTS.bytes);
          s.byte(BRANCH_HINTS.unlikely);
        }
      });
    });
  }

  private write(id: number, fill: (section: CodeBuffer) => void): void {
    this.section.reset();
    fill(this.section);
    this.out.byte(id);
    this.out.u32(this.section.length);
    this.out.append(this.section);
  }
}

function sameType(a: FuncType, b: FuncType): boolean {
  return a.params.join() === b.params.join() && a.results.join() === b.results.join();
}

function writeTypes(s: CodeBuffer, types: readonly ValType[]): void {
  s.u32(types.length);
  for (const type of types) s.byte(VALUE_TYPE[type]);
}

function writeName(s: CodeBuffer, name: string): void {
  s.u32(name.length);
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i);
    check(code < 0x80, "names are ASCII", name);
    s.byte(code);
  }
}
