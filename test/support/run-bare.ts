import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { parseBareImage } from "../../kernel-sim/bare/image.js";
import { RAM_BASE } from "../../kernel-sim/bare/memory-map.js";
import { NO_FILES, type BareConsole } from "../../kernel-sim/bare/semihosting-files.js";
import { VirtBoard, type BareExit } from "../../kernel-sim/bare/virt.js";
import { openHostFiles } from "../../kernel-sim/cli/bare-files.js";
import { LoadError } from "../../kernel-sim/loader/errors.js";
import { toolMissing } from "./tools.js";

/** A bare image, here and under QEMU: what it prints, and how it ends. */
export interface BareRun {
  readonly gic?: 2 | 3;
  readonly append?: string;
  /** The directory semihosting files are in. */
  readonly root?: string;
  readonly stdin?: string;
  /** Called before our board runs. */
  readonly prepare?: (board: VirtBoard) => void;
}

export interface BareOutcome {
  readonly stdout: string;
  readonly status: number;
}

const RAM_BYTES = 128 * 2 ** 20;
const LIMIT = 200_000_000;
const QEMU = "qemu-system-aarch64";

/** Why there is no judge here, or null if there is one. */
export const qemuBareMissing = toolMissing(QEMU);

/** A console over strings. */
export function testConsole(stdin = ""): BareConsole & { text(): string } {
  const input = [...new TextEncoder().encode(stdin)];
  const output: number[] = [];
  return {
    write: (_stream, bytes) => void output.push(...bytes),
    read: (max) => Uint8Array.from(input.splice(0, max)),
    isTerminal: () => false,
    text: () => new TextDecoder().decode(Uint8Array.from(output)),
  };
}

export interface BoardRun extends BareOutcome {
  readonly exit: BareExit;
  readonly board: VirtBoard;
}

/** Run an image on our board. */
export function runBoard(path: string, run: BareRun = {}): BoardRun {
  const image = parseBareImage(readFileSync(path), RAM_BASE, RAM_BASE + RAM_BYTES);
  if (image instanceof LoadError) throw new Error(image.toString());
  const console = testConsole(run.stdin);
  const board = new VirtBoard({
    ramBytes: RAM_BYTES,
    image,
    imageName: path,
    bootargs: run.append ?? "",
    gic: run.gic ?? 2,
    conduit: "hvc",
    cpuModel: "max",
    seed: 1,
    console,
    files: run.root === undefined ? NO_FILES : openHostFiles(run.root),
  });
  run.prepare?.(board);
  const exit = board.run(LIMIT);
  const status = exit.kind === "exited" ? exit.code : exit.kind === "off" ? 0 : -1;
  return { stdout: console.text(), status, exit, board };
}

/** Run the same under QEMU; its semihosting console and the UART are one stream. */
export function runQemuBare(path: string, run: BareRun = {}): BareOutcome {
  const result = spawnSync(
    QEMU,
    [
      ...["-M", `virt,gic-version=${run.gic ?? 2}`, "-cpu", "max", "-m", "128", "-nic", "none"],
      ...["-display", "none", "-monitor", "none"],
      ...["-chardev", "stdio,id=console,mux=on", "-serial", "chardev:console"],
      ...["-semihosting-config", "enable=on,target=native,chardev=console"],
      ...["-kernel", path, "-append", run.append ?? ""],
    ],
    { cwd: run.root, input: run.stdin ?? "", encoding: "utf8", timeout: 60_000 },
  );
  if (result.error !== undefined) throw result.error;
  return { stdout: result.stdout, status: result.status ?? -1 };
}
