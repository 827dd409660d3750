import { runNow } from "../../vm/blocking.js";
import type { VmContext } from "../../vm/context.js";
import { vmObjectDestroy, vmObjectForVnode, type VnodeBacking } from "../../vm/object/index.js";
import type { VmObject } from "../../vm/object/object.js";
import { NodeFile } from "./open-file.js";
import { O_RDONLY, type FileNode, type FileStat, type FsResult, type OpenFile } from "./types.js";

/** Device number of program images handed in as bytes: no file system has it. */
const IMAGE_DEVICE = 0x7fff_ffff;

/**
 * Files as memory. A file, found again by device and inode, has one VM object, so that every
 * mapping of it, of whatever task and personality, shares its pages. XNU: ubc_getobject.
 */
export class VnodeTable {
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
    const unmapped = [...this.#context.objects.byPager.values()].filter((o) => o.refCount === 1);
    for (const object of unmapped) runNow(vmObjectDestroy(object));
    return unmapped.length;
  }
}

/** What the vnode pager reads. Nothing is written back: file systems are read-only. */
function backingOf(file: OpenFile, node: FileNode): VnodeBacking {
  const { device, inode } = node.stat;
  return {
    key: `${device}:${inode}`,
    name: node.path,
    size: () => node.stat.sizeBytes,
    read: (offset, into) => node.read(offset, into),
    retain() {
      file.retain();
    },
    release() {
      file.release();
    },
  };
}
