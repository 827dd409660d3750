import type { VmContext } from "../../vm/context.js";
import {
  vmObjectDeallocate,
  vmObjectForPager,
  vmObjectReference,
  vnodePagerCreate,
  type VnodeBacking,
} from "../../vm/object/index.js";
import type { VmObject } from "../../vm/object/object.js";
import { NodeFile } from "./open-file.js";
import { O_RDONLY, type FileNode, type FileStat, type FsResult, type OpenFile } from "./types.js";

/** A file that is or was mapped: its VM object, and the open file the pager reads from. */
interface Vnode {
  readonly object: VmObject;
  readonly file: OpenFile;
}

/** Device number of program images handed in as bytes: no file system has it. */
const IMAGE_DEVICE = 0x7fff_ffff;

/**
 * Files as memory. Each file has one VM object, found by device and inode, so that every mapping of
 * it, of whatever task and personality, shares its pages (XNU: ubc_info of a vnode). The object's
 * first reference is the pager's: it stays, with its resident pages, until `reclaim`.
 */
export class VnodeTable {
  readonly #context: VmContext;
  readonly #vnodes = new Map<string, Vnode>();
  #nextImage = 1;

  constructor(context: VmContext) {
    this.#context = context;
  }

  /**
   * The VM object of an open file, with one reference for the caller (a mapping takes it over).
   * @returns ENODEV for what is not a regular file: a directory, a pipe, a device
   */
  objectFor(file: OpenFile): FsResult<VmObject> {
    if (file.kind !== "file" || file.node === null) return { ok: false, errno: "ENODEV" };
    const { device, inode } = file.stat();
    const key = `${device}:${inode}`;
    let vnode = this.#vnodes.get(key);
    if (vnode === undefined) {
      file.retain();
      const pager = vnodePagerCreate(this.#context, new FileBacking(file, file.node));
      vnode = { object: vmObjectForPager(this.#context, pager, file.stat().sizeBytes), file };
      this.#vnodes.set(key, vnode);
    }
    vmObjectReference(vnode.object);
    return { ok: true, value: vnode.object };
  }

  /** A program image that is not a file of the guest's file system, open for reading. */
  image(path: string, bytes: Uint8Array): OpenFile {
    const stat: FileStat = {
      kind: "file",
      permissions: 0o755,
      device: IMAGE_DEVICE,
      inode: this.#nextImage++,
      links: 1,
      sizeBytes: bytes.length,
      modifiedSeconds: 0,
    };
    const node: FileNode = {
      path,
      stat,
      read(offset, into) {
        const part = bytes.subarray(offset, offset + into.length);
        into.set(part);
        return part.length;
      },
      list: () => ({ ok: false, errno: "ENOTDIR" }),
      close: () => undefined,
    };
    return new NodeFile(node, O_RDONLY);
  }

  /** Files that have an object, mapped or not. */
  get size(): number {
    return this.#vnodes.size;
  }

  /** Every object the table holds a reference to: roots for the VM's reference checks. */
  get objects(): readonly VmObject[] {
    return [...this.#vnodes.values()].map((vnode) => vnode.object);
  }

  /**
   * Forget files nobody maps: their pages are freed and the files closed. XNU: vnode reclaim.
   * @returns how many
   */
  reclaim(): number {
    let count = 0;
    for (const [key, { object, file }] of [...this.#vnodes]) {
      if (object.refCount > 1) continue;
      this.#vnodes.delete(key);
      vmObjectDeallocate(object);
      file.release();
      count += 1;
    }
    return count;
  }
}

/** What the vnode pager reads: the file's bytes. Nothing is written back: file systems are read-only. */
class FileBacking implements VnodeBacking {
  readonly name: string;
  readonly #file: OpenFile;
  readonly #node: FileNode;

  constructor(file: OpenFile, node: FileNode) {
    this.#file = file;
    this.#node = node;
    this.name = node.path;
  }

  size(): number {
    return this.#file.stat().sizeBytes;
  }

  /** @returns bytes read, fewer at the end of the file; null for an I/O error */
  read(offset: number, into: Uint8Array): number | null {
    const count = this.#node.read(offset, into);
    return typeof count === "number" ? count : null;
  }
}
