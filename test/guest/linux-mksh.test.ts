import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { qemuMissing, runQemu } from "../support/qemu.js";
import { runGuest } from "../support/run-guest.js";

/**
 * A shell that nobody here built: Debian's mksh for arm64, linked statically with three C libraries,
 * fetched by .ci/run.
 */
const SHELLS = {
  klibc: ".cache/mksh/usr/lib/klibc/bin/mksh",
  musl: ".cache/mksh/usr/lib/aarch64-linux-musl/bin/mksh",
  dietlibc: ".cache/mksh/usr/lib/diet/bin/mksh",
};
const SCRIPTS = ["test/guest/mksh/loop.sh", "test/guest/mksh/processes.sh"];

/** The one that needs shared libraries. */
const DYNAMIC = ".cache/mksh/bin/mksh";
const absent = existsSync(DYNAMIC) ? null : notFetched(DYNAMIC);

function notFetched(path: string): string {
  return `(skipped: ${path} is missing; Debian: mksh:arm64, which .ci/run unpacks there)`;
}

describe.skipIf(absent !== null)(`a dynamically linked program ${absent ?? ""}`, () => {
  it("is refused, and what it would need is named", () => {
    expect(() => runGuest(DYNAMIC, [])).toThrow(
      "dynamically linked: it would need /lib/ld-linux-aarch64.so.1, libc.so.6; " +
        "only static executables are run [ENOEXEC]",
    );
  });
});

for (const [libc, path] of Object.entries(SHELLS)) {
  const missing = existsSync(path) ? qemuMissing : notFetched(path);
  describe.skipIf(missing !== null)(`mksh with ${libc} ${missing ?? ""}`, () => {
    it.each(SCRIPTS)("runs %s as under qemu", (script) => {
      const { stdout, stderr, status } = runGuest(path, [script]);
      expect({ stdout, stderr, status }).toEqual(runQemu(path, [script]));
      expect(stdout).not.toBe("");
    });

    it("reads commands from standard input", () => {
      const stdin = "for i in 1 2 3; do\n print $((i * i))\ndone\nexit 3\n";
      const { stdout, stderr, status } = runGuest(path, [], { stdin });
      expect({ stdout, stderr, status }).toEqual({ stdout: "1\n4\n9\n", stderr: "", status: 3 });
    });

    it("runs the same way every time, whatever the seed puts where", () => {
      const command =
        "x=$( (print a; print b) | while read l; do print -n $l$RANDOM; done ); print ${#x} > /dev/null";
      const runs = [1, 1, 2].map((seed) => runGuest(path, ["-c", command], { seed }));
      const seen = runs.map(({ kernel }) => [kernel.stats.instructions, kernel.faultCount]);
      expect(seen[1]).toEqual(seen[0]);
      expect(runs.map((run) => run.status)).toEqual([0, 0, 0]);
    });

    // Not under qemu: the host's kernel does not know what to do with such files.
    it("executes other programs, by path and as interpreters of scripts", () => {
      const command = [
        "guests/bin/hello.elf a",
        "guests/bin/wild.elf null",
        "print status $?",
        'guests/bin/hello.elf | while read -r line; do print "> $line"; done',
        "guests/data/sample.txt",
        "print status $?",
        "test/guest/mksh/interpreted as usual",
        "exec guests/bin/sort.elf 1000 0x2a",
      ].join("; ");
      const { stdout, status } = runGuest(path, ["-c", command]);
      const sort = runGuest("guests/bin/sort.elf", ["1000", "0x2a"]);
      expect({ stdout, status }).toEqual({
        stdout:
          "hello, world\n1 argument\n  1: a\n" +
          "wild: reading address 0\nstatus 139\n" +
          "> hello, world\n> 0 arguments\nstatus 126\n" +
          "hello, world\n4 arguments\n  1: from a script\n" +
          "  2: test/guest/mksh/interpreted\n  3: as\n  4: usual\n" +
          sort.stdout,
        status: 0,
      });
    });
  });
}
