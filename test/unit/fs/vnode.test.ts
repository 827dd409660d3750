import { describe, expect, it } from "vitest";
import { openPath } from "../../../kernel-sim/fs/file-table.js";
import { MemoryFs } from "../../../kernel-sim/fs/memory-fs.js";
import { O_RDONLY, OPEN_READ, type OpenFile } from "../../../kernel-sim/fs/types.js";
import { Kernel } from "../../../kernel-sim/kernel.js";
import { vmObjectDeallocate } from "../../../vm/object/index.js";
import type { VmObject } from "../../../vm/object/object.js";

const FS = new MemoryFs({ "/a": "one", "/b": "two", "/c": { link: "/a" } });

function open(path: string): OpenFile {
  const file = openPath(FS, path, OPEN_READ, { access: O_RDONLY });
  if (!file.ok) throw new Error(file.errno);
  return file.value;
}

function objectOf(kernel: Kernel, file: OpenFile): VmObject {
  const object = kernel.vnodes.objectFor(file);
  if (!object.ok) throw new Error(object.errno);
  return object.value;
}

describe("files as memory", () => {
  it("has one object for a file, however it is named", () => {
    const kernel = new Kernel({ ramBytes: 2 ** 24 });
    const files = ["/a", "/c", "/b"].map(open);
    const [a, c, b] = files.map((file) => objectOf(kernel, file));
    expect(c).toBe(a);
    expect(b).not.toBe(a);
    expect(a?.refCount).toBe(3); // the pager's, and one for each who asked
    for (const file of files) file.release();
    for (const object of [a, b, c]) vmObjectDeallocate(object ?? null);
    expect(kernel.vnodes.reclaim()).toBe(2);
    kernel.assertNoLeaks();
  });

  it("keeps a file open as long as it is in use, and its pages longer", () => {
    const kernel = new Kernel({ ramBytes: 2 ** 24 });
    const file = open("/a");
    const object = objectOf(kernel, file);
    file.release();
    expect(kernel.vnodes.reclaim()).toBe(0);
    vmObjectDeallocate(object);
    expect(() => {
      file.release();
    }).toThrow("closed twice");
    const again = open("/a");
    expect(objectOf(kernel, again)).toBe(object);
    again.release();
    vmObjectDeallocate(object);
    expect(kernel.vnodes.reclaim()).toBe(1);
    kernel.assertNoLeaks();
  });

  it("refuses what is not a regular file", () => {
    const { vnodes } = new Kernel({ ramBytes: 2 ** 24 });
    for (const path of ["/", "/dev/zero"]) {
      expect(vnodes.objectFor(open(path))).toEqual({ ok: false, errno: "ENODEV" });
    }
  });

  it("gives every program image an identity of its own", () => {
    const kernel = new Kernel({ ramBytes: 2 ** 24 });
    const bytes = new TextEncoder().encode("program");
    const images = [0, 1].map(() => kernel.vnodes.image("/p", bytes));
    const [first, second] = images.map((file) => objectOf(kernel, file));
    expect(first).not.toBe(second);
  });
});
