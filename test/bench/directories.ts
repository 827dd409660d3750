/** What is built where, from the root of the repository. */
export const JS_DIRECTORY = ".cache/bench/js";
export const BIN_DIRECTORY = ".cache/bench/bin";
/** Scripts of child processes with what V8 made of them. */
export const SCRIPT_DIRECTORY = ".cache/bench/scripts";

/** The child processes that start as the command does: with code kept from an earlier run. */
export const CACHED_CHILDREN = ["machvm", "first-module"] as const;
