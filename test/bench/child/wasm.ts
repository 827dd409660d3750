/** One run of a workload compiled to WebAssembly, in a process of its own. wasm.js FILE SIZE */
import { readFileSync } from "node:fs";
import { since, threadTime } from "../timing.js";
import { checksumText, report } from "./report.js";

const [file = "", size = "1"] = process.argv.slice(2);
const module = new WebAssembly.Module(readFileSync(file));
const { exports } = new WebAssembly.Instance(module);
const workload = exports["workload"] as (size: bigint) => bigint;
const start = threadTime();
const checksum = workload(BigInt(size));
report({ time: since(start), output: checksumText(checksum) });
