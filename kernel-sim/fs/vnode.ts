import { runNow, type Blocking } from "../../vm/blocking.js";
import type { VmContext } from "../../vm/context.js";
import {
  vmObjectDeallocate,
  vmObjectDestroy,
  vmObjectForVnode,
  vmObjectGrown,
  vmObjectOverlay,
  vmObjectReference,
  vmObjectSync,
  vmObjectTruncate,
  vmObjectWillWrite,
  vmObjectWritten,
  VnodePager,
  type VnodeBacking,
} from "../../vm/object/index.js";
import type { VmObject } from "../../vm/object/object.js";
import { NodeFile } from "./open-file.js";
import { KERN_SUCCESS, PAGE_SIZE } from "../../vm/types.js";
import type { ErrnoName } from "../syscall/errno.js";
import {
  O_RDONLY,
  type FileNode,
  type FileStat,
  type FsResult,
  type IoResult,
  type OpenFile,
  type PageCache,
} from "./types.js";

/** Device number of program images handed in as bytes: no file system has it. */
const IMAGE_DEVICE = 0x7fff_ffff;

/**
 * Files as memory. A file, found again by device and inode, has one VM object, so that every
 * mapping of it, of whatever task and personality, shares its pages. XNU: ubc_getobject.
 */
export class VnodeTable implements PageCache {
  readonly #context: VmContext;
  #images = 0;

  constructor(context: VmContext) {
    this.#context = context;
  }

  /**
   * The VM object of an open file, with one reference for the caller; a mapping takes it over. The
   * file stays open as long as it is mapped.
   * @returns ENODEV for what is not a regular file: a directory, a pipe, a device
   */
  objectFor(file: OpenFile): FsResult<VmObject> {
    const { node } = file;
    if (file.kind !== "file" || node === null) return { ok: false, errno: "ENODEV" };
    return { ok: true, value: vmObjectForVnode(this.#context, backingOf(file, node)) };
  }

  overlay(node: FileNode, offset: number, bytes: Uint8Array): void {
    const object = this.#find(node);
    if (object !== null) vmObjectOverlay(object, offset, bytes);
  }

  *write(node: FileNode, offset: number, bytes: Uint8Array): Blocking<IoResult> {
    if (node.write === undefined) return "EROFS";
    yield* this.#withObject(node, (object) => vmObjectWillWrite(object, offset, bytes.length));
    const before = node.stat.sizeBytes;
    const written = node.write(offset, bytes);
    const object = this.#find(node);
    if (object === null || typeof written !== "number") return written;
    if (offset + written > before) vmObjectGrown(object, before);
    vmObjectWritten(object, offset, bytes.subarray(0, written));
    return written;
  }

  *truncate(node: FileNode, sizeBytes: number): Blocking<ErrnoName | null> {
    if (node.truncate === undefined) return "EINVAL";
    const before = node.stat.sizeBytes;
    const errno = node.truncate(sizeBytes);
    if (errno !== null) return errno;
    yield* this.#withObject(node, function* (object): Blocking<void> {
      if (sizeBytes < before) yield* vmObjectTruncate(object, sizeBytes);
      else vmObjectGrown(object, before);
    });
    return null;
  }

  *sync(node: FileNode): Blocking<ErrnoName | null> {
    let errno: ErrnoName | null = null;
    yield* this.#withObject(node, function* (object): Blocking<void> {
      const kr = yield* vmObjectSync(object, 0, node.stat.sizeBytes, false, true);
      if (kr !== KERN_SUCCESS) errno = "EIO";
    });
    return errno;
  }

  /** The object of a file that has one. */
  #find(node: FileNode): VmObject | null {
    const { objects } = this.#context;
    const pager = objects.vnodePagers.get(keyOf(node));
    return pager === undefined ? null : (objects.byPager.get(pager) ?? null);
  }

  /** Work on the object of a file, if it has one, with a reference while it may sleep. */
  *#withObject(node: FileNode, work: (object: VmObject) => Blocking<void>): Blocking<void> {
    const object = this.#find(node);
    if (object === null) return;
    vmObjectReference(object);
    yield* work(object);
    vmObjectDeallocate(object);
  }

  /** Write back what is left of shared mappings: at the end of a run. What a file refuses is lost. */
  syncAll(): void {
    for (const [pager, object] of this.#context.objects.byPager) {
      if (!(pager instanceof VnodePager)) continue;
      const pages = Math.max(0, ...Array.from(object.pages.keys(), (index) => index + 1));
      runNow(vmObjectSync(object, 0, pages * PAGE_SIZE, false, true));
    }
  }

  /** A program that is not a file of the guest's file system, open for reading. */
  image(path: string, bytes: Uint8Array): OpenFile {
    this.#images += 1;
    const stat: FileStat = {
      kind: "file",
      permissions: 0o755,
      device: IMAGE_DEVICE,
      inode: this.#images,
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

  /**
   * Give up the pages of files nobody maps, which are kept for the next mapping. XNU: vnode reclaim.
   * @returns how many files
   */
  reclaim(): number {
    this.syncAll();
    const unmapped = [...this.#context.objects.byPager.values()].filter((o) => o.refCount === 1);
    for (const object of unmapped) runNow(vmObjectDestroy(object));
    return unmapped.length;
  }
}

/** Two open files are the same file. */
function keyOf({ stat }: FileNode): string {
  return `${stat.device}:${stat.inode}`;
}

/** What the vnode pager reads, and writes back to where the file was opened for writing. */
function backingOf(file: OpenFile, node: FileNode): VnodeBacking {
  return {
    key: keyOf(node),
    name: node.path,
    size: () => node.stat.sizeBytes,
    read: (offset, into) => node.read(offset, into),
    ...(node.write === undefined
      ? {}
      : { write: (offset: number, from: Uint8Array) => node.write?.(offset, from) ?? "EROFS" }),
    retain() {
      file.retain();
    },
    release() {
      file.release();
    },
  };
}
