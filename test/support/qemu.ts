import { spawnSync } from "node:child_process";
import { constants } from "node:os";
import type { GuestOptions, Outcome } from "./run-guest.js";
import { toolMissing } from "./tools.js";

/**
 * The outside judge of Linux programs: qemu-aarch64, which runs them on the host's kernel. Tests
 * skip, saying why, where it is not installed.
 */
const PROGRAM = "qemu-aarch64";

/** Why there is no judge here, or null if there is one. */
export const qemuMissing = toolMissing(PROGRAM);

/** Run a Linux program as `runGuest` does. */
export function runQemu(
  path: string,
  args: readonly string[],
  options: GuestOptions = {},
): Outcome {
  const env = Object.fromEntries(
    (options.env ?? []).map((pair) => {
      const cut = pair.indexOf("=");
      return [pair.slice(0, cut), pair.slice(cut + 1)];
    }),
  );
  const result = spawnSync(PROGRAM, [path, ...args], {
    encoding: "utf8",
    input: options.stdin ?? "",
    env: { PATH: process.env["PATH"] ?? "", ...env },
  });
  if (result.error !== undefined) throw result.error;
  const status =
    result.signal === null ? (result.status ?? 0) : 128 + constants.signals[result.signal];
  return { stdout: result.stdout, stderr: result.stderr, status };
}
