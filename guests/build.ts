/**
 * Builds every guest program into guests/bin and writes guests/manifest.json and the sample text.
 * With `--check` it builds elsewhere, compares bytes with what is committed, and changes nothing.
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { format } from "prettier";
import { buildBare } from "./bare/build.js";
import { makeManifest, readManifest } from "./manifest.js";
import { DARWIN_PROGRAMS, GUEST_PROGRAMS } from "./programs.js";
import { sampleText } from "./sample-text.js";
import { GuestBuilder, ToolchainError, toolVersions } from "./toolchain.js";

const GUESTS = fileURLToPath(new URL(".", import.meta.url));
/** Folders with nothing in them but what is built. */
const BIN_FOLDERS = ["bin", "bare/bin"] as const;

/** Everything the build produces, by name relative to guests/. */
async function buildAll(): Promise<Map<string, Uint8Array>> {
  const versions = toolVersions();
  const scratch = mkdtempSync(join(tmpdir(), "guests-"));
  try {
    const bin = join(scratch, "bin");
    const builder = new GuestBuilder(bin, scratch);
    for (const program of GUEST_PROGRAMS) builder.build(program);
    for (const program of DARWIN_PROGRAMS) builder.buildMachO(program);
    const bare = join(scratch, "bare");
    buildBare(bare, scratch);

    const read = (file: string): Uint8Array => readFileSync(join(bin, file));
    const outputs = new Map<string, Uint8Array>();
    for (const file of readdirSync(bin).sort()) outputs.set(`bin/${file}`, read(file));
    for (const file of readdirSync(bare).sort()) {
      outputs.set(`bare/bin/${file}`, readFileSync(join(bare, file)));
    }
    const manifest = JSON.stringify(makeManifest(versions, read));
    const text = await format(manifest, { parser: "json", printWidth: 100 });
    outputs.set("manifest.json", Buffer.from(text));
    outputs.set("data/sample.txt", Buffer.from(sampleText()));
    return outputs;
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** One line per output that is missing, different, or no longer produced. */
function differences(outputs: ReadonlyMap<string, Uint8Array>): string[] {
  const lines: string[] = [];
  for (const [name, bytes] of outputs) {
    const path = join(GUESTS, name);
    if (!existsSync(path)) lines.push(`${name}: not committed`);
    else if (!readFileSync(path).equals(bytes)) lines.push(`${name}: differs`);
  }
  for (const folder of BIN_FOLDERS)
    for (const file of readdirSync(join(GUESTS, folder)))
      if (!outputs.has(`${folder}/${file}`)) lines.push(`${folder}/${file}: no longer built`);
  return lines;
}

function write(outputs: ReadonlyMap<string, Uint8Array>): void {
  for (const folder of BIN_FOLDERS) {
    rmSync(join(GUESTS, folder), { recursive: true, force: true });
    mkdirSync(join(GUESTS, folder));
  }
  for (const [name, bytes] of outputs)
    writeFileSync(join(GUESTS, name), bytes, { mode: name.includes("bin/") ? 0o755 : 0o644 });
}

/** @returns the exit status of the command */
async function main(args: readonly string[]): Promise<number> {
  const check = args[0] === "--check";
  if (args.length > (check ? 1 : 0)) {
    console.error("usage: build.ts [--check]");
    return 2;
  }
  const outputs = await buildAll();
  if (!check) {
    write(outputs);
    return 0;
  }
  const found = differences(outputs);
  for (const line of found) console.error(line);
  if (found.length > 0) explainVersions();
  return found.length === 0 ? 0 : 1;
}

/** Other compilers are the usual reason for other bytes. */
function explainVersions(): void {
  const committed = readManifest().toolchain;
  for (const [tool, version] of Object.entries(toolVersions()))
    if (committed[tool] !== version)
      console.error(`built by "${committed[tool] ?? "nothing"}", ${tool} here is "${version}"`);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof ToolchainError)) throw error;
  console.error(`guests: ${error.message}`);
  process.exitCode = 1;
}
