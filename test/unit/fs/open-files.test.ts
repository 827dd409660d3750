import { describe, expect, it } from "vitest";
import { FileTable, openPath } from "../../../kernel-sim/fs/file-table.js";
import { MemoryFs } from "../../../kernel-sim/fs/memory-fs.js";
import { makePipe, PIPE_CAPACITY } from "../../../kernel-sim/fs/pipe.js";
import { O_RDONLY, O_RDWR, OPEN_READ, type OpenFile } from "../../../kernel-sim/fs/types.js";
import { runNow, type Blocking } from "../../../vm/blocking.js";

const utf8 = new TextEncoder();

function open(text: string): OpenFile {
  const fs = new MemoryFs({ "/file": text });
  const file = openPath(fs, "/file", OPEN_READ, { access: O_RDONLY });
  if (!file.ok) throw new Error(file.errno);
  return file.value;
}

function readText(file: OpenFile, max: number): string {
  const into = new Uint8Array(max);
  const count = runNow(file.read(into));
  return typeof count === "number" ? new TextDecoder().decode(into.subarray(0, count)) : count;
}

/** Run until it sleeps; null if it finished. */
function sleeps<T>(work: Blocking<T>): boolean {
  return work.next(0).done !== true;
}

describe("descriptors", () => {
  it("shares one offset between duplicates and forks, not between opens", () => {
    const table = new FileTable();
    expect(table.add(open("abcdef"))).toBe(0);
    expect(table.dup(0)).toBe(1);
    const child = table.fork();
    const [first, second, third] = [table.get(0), table.get(1), child.get(0)];
    if (first === null || second === null || third === null) throw new Error("lost");
    expect(readText(first, 2)).toBe("ab");
    expect(readText(second, 2)).toBe("cd");
    expect(table.close(0)).toBeNull();
    table.closeAll();
    expect(readText(third, 9)).toBe("ef");
    expect(third.seek(-1, 2)).toBe(5);
    expect(third.seek(-9, 1)).toBe("EINVAL");
    expect(third.seek(0, 7)).toBe("EINVAL");
    child.closeAll();
    expect(() => {
      third.release();
    }).toThrow("closed twice");
  });

  it("hands out the lowest free number and stops at the limit", () => {
    const table = new FileTable(4);
    for (const fd of [0, 1, 2, 3]) expect(table.add(open(""))).toBe(fd);
    expect(table.add(open(""))).toBe("EMFILE");
    expect(table.close(1)).toBeNull();
    expect(table.close(1)).toBe("EBADF");
    expect(table.dup(9)).toBe("EBADF");
    expect(table.dup(0, false, 4)).toBe("EINVAL");
    expect(table.dup(0, true, 1)).toBe(1);
    expect(table.isCloseOnExec(1)).toBe(true);
    table.closeForExec();
    expect(table.descriptors).toEqual([0, 2, 3]);
    expect(table.dupTo(0, 4)).toBe("EBADF");
    expect(table.dupTo(0, 3)).toBe(3);
    expect(table.dupTo(2, 2)).toBe(2);
  });

  it("keeps access modes", () => {
    const out: [number, string][] = [];
    const table = FileTable.withConsole({
      write: (fd, bytes) => out.push([fd, new TextDecoder().decode(bytes)]),
      read: () => utf8.encode("in"),
    });
    const [stdin, stdout, stderr] = [table.get(0), table.get(1), table.get(2)];
    if (stdin === null || stdout === null || stderr === null) throw new Error("lost");
    expect(runNow(stdin.write(utf8.encode("x")))).toBe("EBADF");
    expect(runNow(stdout.read(new Uint8Array(1)))).toBe("EBADF");
    expect(readText(stdin, 8)).toBe("in");
    expect(runNow(stdout.write(utf8.encode("o")))).toBe(1);
    expect(runNow(stderr.write(utf8.encode("e")))).toBe(1);
    expect(out).toEqual([
      [1, "o"],
      [2, "e"],
    ]);
    expect(stdout.seek(0, 0)).toBe("ESPIPE");
  });

  it("has /dev/null and /dev/zero in every file system", () => {
    const fs = new MemoryFs();
    const nothing = openPath(fs, "/dev/null", OPEN_READ, { access: O_RDWR });
    const zero = openPath(fs, "/dev/zero", OPEN_READ, { access: O_RDWR });
    if (!nothing.ok || !zero.ok) throw new Error("missing");
    expect(readText(nothing.value, 4)).toBe("");
    expect(readText(zero.value, 3)).toBe("\0\0\0");
    expect(runNow(nothing.value.write(new Uint8Array(7)))).toBe(7);
  });
});

describe("a pipe", () => {
  it("sleeps when empty, wakes on data, ends when the writer is gone", () => {
    const woken: object[] = [];
    const { reader, writer } = makePipe((channel) => woken.push(channel));
    const into = new Uint8Array(8);
    const read = reader.read(into);
    const step = read.next();
    expect(step.done).toBe(false);
    expect(runNow(writer.write(utf8.encode("hello")))).toBe(5);
    expect(step.done === false && woken.includes(step.value.channel)).toBe(true);
    expect(read.next(0)).toEqual({ done: true, value: 5 });
    writer.release();
    expect(runNow(reader.read(into))).toBe(0);
  });

  it("blocks a writer when full, refuses it without a reader", () => {
    const { reader, writer } = makePipe(() => undefined);
    const big = new Uint8Array(PIPE_CAPACITY + 10).map((_, i) => i);
    const write = writer.write(big);
    expect(sleeps(write)).toBe(true);
    const into = new Uint8Array(PIPE_CAPACITY + 10);
    expect(runNow(reader.read(into))).toBe(PIPE_CAPACITY);
    expect(write.next(0)).toEqual({ done: true, value: big.length });
    expect(runNow(reader.read(into.subarray(PIPE_CAPACITY)))).toBe(10);
    expect(into).toEqual(big);
    reader.release();
    expect(runNow(writer.write(big))).toBe("EPIPE");
  });

  it("answers EAGAIN when told not to block and EINTR when interrupted", () => {
    const { reader, writer } = makePipe(() => undefined, true);
    expect(runNow(reader.read(new Uint8Array(1)))).toBe("EAGAIN");
    expect(runNow(writer.write(new Uint8Array(PIPE_CAPACITY + 1)))).toBe(PIPE_CAPACITY);
    expect(runNow(writer.write(new Uint8Array(1)))).toBe("EAGAIN");
    const other = makePipe(() => undefined);
    const read = other.reader.read(new Uint8Array(1));
    read.next();
    expect(read.next(2)).toEqual({ done: true, value: "EINTR" });
  });
});
