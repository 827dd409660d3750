/**
 * A flattened device tree (Devicetree Specification 0.4, chapter 5), version 17. Values are what people write in source:
 * text, cells, or nothing.
 */

/** 32-bit cells as numbers; a bigint is a 64-bit value in two cells; text is a list of strings. */
export type TreeValue = readonly (number | bigint)[] | readonly string[] | string | null;

export interface TreeNode {
  readonly name: string;
  readonly properties: Readonly<Record<string, TreeValue>>;
  readonly children?: readonly TreeNode[];
}

const MAGIC = 0xd00d_feed;
const VERSION = 17;
const LAST_COMPATIBLE_VERSION = 16;
const HEADER_BYTES = 40;
/** An empty memory reservation block: its terminator. */
const RESERVATION_BYTES = 16;

const FDT_BEGIN_NODE = 1;
const FDT_END_NODE = 2;
const FDT_PROP = 3;
const FDT_END = 9;

class BlobWriter {
  readonly #bytes: number[] = [];
  readonly #strings: number[] = [];
  readonly #stringAt = new Map<string, number>();

  cell(value: number): void {
    this.#bytes.push(
      (value >>> 24) & 0xff,
      (value >>> 16) & 0xff,
      (value >>> 8) & 0xff,
      value & 0xff,
    );
  }

  #raw(bytes: readonly number[]): void {
    this.#bytes.push(...bytes);
    while (this.#bytes.length % 4 !== 0) this.#bytes.push(0);
  }

  node({ name, properties, children }: TreeNode): void {
    this.cell(FDT_BEGIN_NODE);
    this.#raw(terminated(name));
    for (const [key, value] of Object.entries(properties)) this.#property(key, value);
    for (const child of children ?? []) this.node(child);
    this.cell(FDT_END_NODE);
  }

  #property(name: string, value: TreeValue): void {
    const bytes = valueBytes(value);
    this.cell(FDT_PROP);
    this.cell(bytes.length);
    this.cell(this.#string(name));
    this.#raw(bytes);
  }

  #string(text: string): number {
    let at = this.#stringAt.get(text);
    if (at === undefined) {
      at = this.#strings.length;
      this.#stringAt.set(text, at);
      this.#strings.push(...terminated(text));
    }
    return at;
  }

  blob(bootCpu: number): Uint8Array {
    this.cell(FDT_END);
    const structure = this.#bytes;
    const structureAt = HEADER_BYTES + RESERVATION_BYTES;
    const stringsAt = structureAt + structure.length;
    const blob = new Uint8Array(stringsAt + this.#strings.length);
    const header = [
      ...[MAGIC, blob.length, structureAt, stringsAt, HEADER_BYTES, VERSION],
      ...[LAST_COMPATIBLE_VERSION, bootCpu, this.#strings.length, structure.length],
    ];
    const view = new DataView(blob.buffer);
    header.forEach((value, i) => {
      view.setUint32(i * 4, value);
    });
    blob.set(structure, structureAt);
    blob.set(this.#strings, stringsAt);
    return blob;
  }
}

function terminated(text: string): number[] {
  return [...new TextEncoder().encode(text), 0];
}

function valueBytes(value: TreeValue): number[] {
  if (value === null) return [];
  if (typeof value === "string") return terminated(value);
  return (value as readonly (number | bigint | string)[]).flatMap((part) => {
    if (typeof part === "string") return terminated(part);
    const count = typeof part === "bigint" ? 8 : 4;
    const bits = BigInt.asUintN(64, BigInt(part));
    return Array.from({ length: count }, (_, i) =>
      Number((bits >> BigInt(8 * (count - 1 - i))) & 0xffn),
    );
  });
}

/** The blob of a tree. @param root its name is "" */
export function flattenTree(root: TreeNode): Uint8Array {
  const writer = new BlobWriter();
  writer.node(root);
  return writer.blob(0);
}
