/**
 * The guest programs, and what each must print and return. Both builds of a program behave the
 * same, but for the numbers of the signals that end it.
 */
import { createHash } from "node:crypto";
import { sampleText } from "./sample-text.js";

/** Expectation: with these arguments (after argv[0]) the program prints and returns this. */
export interface GuestRun {
  /** File names among them are relative to the repository root. */
  readonly args: readonly string[];
  readonly stdin?: string;
  readonly stdout: string;
  /** Not given when the run says nothing about it. */
  readonly stderr?: string;
  /** Returned by the program, or 128 plus the number of the signal that ended it. */
  readonly exitStatus: number | { readonly macho: number; readonly elf: number };
  /** Why qemu-aarch64 cannot show this run, if it cannot. */
  readonly notUnderQemu?: string;
}

export interface GuestProgram {
  /** The source is src/NAME.c. */
  readonly name: string;
  readonly summary: string;
  /** CPU that the program's own source is compiled for in the Mach-O build; plain Armv8.0 if not given. */
  readonly machoCpu?: string;
  readonly runs: readonly GuestRun[];
}

const SAMPLE = "guests/data/sample.txt";

/** Exit statuses of fatal signals, by what XNU and Linux call them. */
const FATAL = {
  ILL: 128 + 4,
  TRAP: 128 + 5,
  SEGV: 128 + 11,
  BUS: { macho: 128 + 10, elf: 128 + 7 },
  /** XNU: KERN_PROTECTION_FAILURE is SIGBUS, only KERN_INVALID_ADDRESS is SIGSEGV. */
  PROTECTION: { macho: 128 + 10, elf: 128 + 11 },
} as const;

type Fatal = (typeof FATAL)[keyof typeof FATAL];

/** Modes of `wild`: what it says it does, and how it ends. */
const WILD: readonly (readonly [mode: string, intention: string, exitStatus: Fatal])[] = [
  ["null", "reading address 0", FATAL.SEGV],
  ["hole", "reading an address far above everything mapped", FATAL.SEGV],
  ["readonly", "writing to a constant", FATAL.PROTECTION],
  ["noexec", "jumping into a data page", FATAL.PROTECTION],
  ["guard", "writing to a page protected against all access", FATAL.PROTECTION],
  // In the stack's own range XNU turns the guard page's SIGBUS into SIGSEGV.
  ["stack", "recursing without end", FATAL.SEGV],
  ["misaligned", "jumping to an address that is not a multiple of 4", FATAL.BUS],
  ["misaligned-sp", "loading through a misaligned stack pointer", FATAL.BUS],
  ["exclusive", "loading exclusively from a misaligned address", FATAL.BUS],
  ["udf", "executing an undefined instruction", FATAL.ILL],
  ["brk", "executing a breakpoint instruction", FATAL.TRAP],
];

const wildRuns: readonly GuestRun[] = WILD.map(([mode, intention, exitStatus]) => ({
  args: [mode],
  stdout: `wild: ${intention}\n`,
  exitStatus,
  ...(mode === "misaligned-sp" && {
    notUnderQemu: "qemu-user does not check the alignment of the stack pointer",
  }),
}));

const wildUsage = [
  "usage: wild MODE",
  ...WILD.map(([mode, intention]) => `  ${mode.padEnd(14)} ${intention}`),
];

function lines(...text: readonly string[]): string {
  return text.map((line) => `${line}\n`).join("");
}

/** What sha256sum prints for a file with these contents. */
function sha256Line(contents: string, name: string): string {
  return `${createHash("sha256").update(contents).digest("hex")}  ${name}\n`;
}

export const GUEST_PROGRAMS: readonly GuestProgram[] = [
  {
    name: "hello",
    summary: "prints a greeting and its arguments",
    runs: [
      { args: [], stdout: lines("hello, world", "0 arguments"), exitStatus: 0 },
      {
        args: ["one", "two words", ""],
        stdout: lines("hello, world", "3 arguments", "  1: one", "  2: two words", "  3: "),
        exitStatus: 0,
      },
    ],
  },
  {
    name: "sha256",
    summary: "hashes files it maps, page by page from the file's pager",
    runs: [
      { args: [SAMPLE], stdout: sha256Line(sampleText(), SAMPLE), stderr: "", exitStatus: 0 },
      {
        args: ["guests/data/empty", "guests/data/missing", SAMPLE],
        stdout: sha256Line("", "guests/data/empty") + sha256Line(sampleText(), SAMPLE),
        stderr: "sha256: guests/data/missing: no such file\n",
        exitStatus: 1,
      },
      { args: [], stdout: "", stderr: "usage: sha256 FILE...\n", exitStatus: 2 },
    ],
  },
  {
    name: "touch",
    summary: "touches fresh pages, each a zero-fill fault",
    runs: [
      {
        args: [],
        stdout: lines(
          "64 touches, stride 1, mode rw",
          "not zero at first: 0",
          "wrong when read back: 0",
          "checksum c872bbcabdbca225",
        ),
        exitStatus: 0,
      },
      {
        args: ["200", "7", "w"],
        stdout: lines(
          "200 touches, stride 7, mode w",
          "not zero at first: 0",
          "wrong when read back: 0",
          "checksum 979b75f94d3d63ad",
        ),
        exitStatus: 0,
      },
      {
        args: ["10", "3", "r"],
        stdout: lines(
          "10 touches, stride 3, mode r",
          "not zero at first: 0",
          "checksum c34f94dbafc43618",
        ),
        exitStatus: 0,
      },
      {
        args: ["0"],
        stdout: "",
        stderr: "argument 1 must be a number from 1 to 1048576, not '0'\n",
        exitStatus: 2,
      },
    ],
  },
  {
    name: "cow",
    summary: "copy-on-write across fork, checked from both sides",
    runs: [
      {
        args: [],
        stdout: lines(
          "parent: filled 6 pages",
          "child: all pages arrived as the parent filled them: yes",
          "child: written pages hold the child's data: yes",
          "child: other pages still hold the parent's: yes",
          "child: its data segment is writable: yes",
          "parent: waited for its child: yes",
          "parent: child exited with 42",
          "parent: child succeeded: yes",
          "parent: all pages are unchanged: yes",
          "parent: its data segment is unchanged: yes",
          "parent: all pages hold its new data: yes",
        ),
        exitStatus: 0,
      },
    ],
  },
  {
    name: "fork-tree",
    summary: "a tree of processes, each seeing its ancestors' writes only",
    runs: [
      {
        args: [],
        stdout:
          lines(
            ...[4, 5, 2, 6, 7, 3, 1].map((n) => `process ${String(n)}: sees its ancestors only`),
          ) + lines("7 of 7 processes content"),
        exitStatus: 0,
      },
    ],
  },
  {
    name: "generations",
    summary: "a line of processes, each writing a page its ancestors' pages stand beside",
    runs: [
      {
        args: ["60", "4"],
        stdout: lines("generation 60 of 60, wrong cells: 0"),
        exitStatus: 0,
      },
    ],
  },
  {
    name: "shared-file",
    summary: "a new file through mappings, reads and writes, cut and grown; wants a writable tree",
    runs: [{ args: [], stdout: "", stderr: "usage: shared-file FILE\n", exitStatus: 2 }],
  },
  {
    name: "wire",
    summary: "mlock and munlock, watched through mincore",
    runs: [
      {
        args: [],
        stdout: lines(
          "resident before any touch: no",
          "mlock: success",
          "resident after mlock: yes",
          "first word: 0",
          "mlock again: success",
          "munlock: success",
          "munlock again: success",
          "resident after munlock: yes",
          "first word: 7",
          "mlock of nothing: success",
          "unmap the second page: success",
          "mlock across the hole: no memory",
          "mlock up to the hole: success",
          "munlock up to the hole: success",
          "first word: 7",
        ),
        exitStatus: 0,
      },
    ],
  },
  {
    name: "map",
    summary: "memory copied, mapped again, wired, protected and unmapped by the kernel",
    runs: [
      {
        args: [],
        stdout: lines(
          "copy 8 pages: success",
          "they arrived: yes",
          "writes stay apart: yes",
          "copy from word 100 to word 612: success",
          "they arrived: yes",
          "what lies around stayed: yes",
          "copy a few bytes: success",
          "they arrived: yes",
          "map again as a copy: success",
          "it holds the same: yes",
          "writes stay apart: yes",
          "unmap it: success",
          "wire the target: success",
          "copy over it: success",
          "they arrived: yes",
          "wire the source as well: success",
          "copy over it again: success",
          "a wired source is copied at once: yes",
          "unwire: success, success",
          "make the source read-only: success",
          "copy from it: success",
          "the target can be written: yes",
          "make it writable: success",
          "a child copies its own: yes",
          "this target is as it was: yes",
          "unmap the fourth page: success",
          "copy across the hole: no memory",
          "nothing arrived: yes",
          "copy up to the hole: success",
          "they arrived: yes",
          "unmap the source: success",
          "the copy outlives it: yes",
        ),
        exitStatus: 0,
      },
    ],
  },
  {
    name: "box",
    summary: "memory sent out of line, to the process itself and from a child",
    runs: [
      {
        args: [],
        stdout: lines(
          "put 8 pages: success",
          "131072 bytes arrived: yes",
          "they are what was put, not what came later: yes",
          "writes stay apart: yes",
          "put 3 pages of odd bytes: success",
          "49152 bytes arrived: yes",
          "at the same place of a page: yes",
          "they are the same: yes",
          "nothing around came along: yes",
          "put 100 bytes: success",
          "100 bytes arrived: yes",
          "at the start of a page: yes",
          "they are the same: yes",
          "put an eager copy: success",
          "131072 bytes arrived: yes",
          "they are what was put: yes",
          "give 8 pages away: success",
          "put them again: no memory",
          "131072 bytes arrived: yes",
          "they are the same: yes",
          "wire: success",
          "put wired pages: success",
          "131072 bytes arrived: yes",
          "they are what was put: yes",
          "unwire: success",
          "wire what is not mapped: no memory",
          "a child sent six times 8 pages: yes",
          "it ended well: yes",
          "the source is as it was: yes",
        ),
        exitStatus: 0,
      },
    ],
  },
  {
    name: "wild",
    summary: "one deliberate fault per mode",
    runs: [...wildRuns, { args: [], stdout: lines(...wildUsage), exitStatus: 2 }],
  },
  {
    name: "sort",
    summary: "quicksort, heapsort, list merge sort and binary search",
    runs: [
      {
        args: [],
        stdout: lines(
          "50000 numbers, seed 1: 36940febb59f2f72",
          "quicksort: ffd789475706e50a",
          "heapsort:  ffd789475706e50a",
          "out of order: 0, different: 0, list length: 50000",
          "found: 50000, sum of places: 1249974999",
        ),
        exitStatus: 0,
      },
      {
        args: ["1000", "0x2a"],
        stdout: lines(
          "1000 numbers, seed 42: f2866aaab2cb6b4d",
          "quicksort: 23adb267ab77dc8d",
          "heapsort:  23adb267ab77dc8d",
          "out of order: 0, different: 0, list length: 1000",
          "found: 1000, sum of places: 499500",
        ),
        exitStatus: 0,
      },
    ],
  },
  {
    name: "matrix",
    summary: "multiplies matrices of doubles and of integers",
    runs: [
      {
        args: [],
        stdout: lines(
          "128 x 128",
          "doubles:  checksum 3aba65fb4baa16e9",
          "          sum 3ff976cc737ed84a = 1.591504",
          "          largest 3ff2cb2ca2eac77e = 1.174603115",
          "          first 3f553fa4233e0e37 = 0.001296911517",
          "          fused 3f553fa4233e0e36 = 0.001296911517",
          "          in millionths 1591503",
          "integers: checksum 6eba73f03fde6cc2",
          "          sum f1b829591d4cf9e9 = 17417717021575805417",
        ),
        exitStatus: 0,
      },
      {
        args: ["17"],
        stdout: lines(
          "17 x 17",
          "doubles:  checksum 090c72b1d3f056fb",
          "          sum bf8749ffa2c06534 = -0.011372",
          "          largest 3f603255b2ad3537 = 0.001977126",
          "          first bf20f3b50c882d66 = -0.000129333354",
          "          fused bf20f3b50c882d66 = -0.000129333354",
          "          in millionths -11371",
          "integers: checksum b74af5e996c73c59",
          "          sum c1c189363faae30a = 13961591185914651402",
        ),
        exitStatus: 0,
      },
    ],
  },
  {
    name: "paging",
    summary: "a working set of pages of many kinds, visited over and over, also after fork",
    runs: [
      {
        args: ["100", "3"],
        stdout: lines("process 0: checksum 92513292e500302c, wrong pages: 0"),
        exitStatus: 0,
      },
    ],
  },
  {
    name: "atomic",
    summary: "atomic operations: LSE in the Mach-O build, exclusives in the ELF build",
    machoCpu: "generic+lse",
    runs: [
      {
        args: [],
        stdout: lines(
          "add:      50005000, sum of old values 166666665000",
          "or:       ffffffff",
          "and:      ff00ff00, was ffffffff",
          "xor:      f0f0f0f0, was ff00ff00",
          "exchange: 7, was 50005000",
          "compare:  refused, found 7",
          "compare:  stored, now 9",
          "byte:     44",
          "store:    11",
        ),
        exitStatus: 0,
      },
    ],
  },
  {
    name: "calls",
    summary: "system calls the others use little, and a few refusals",
    runs: [
      {
        args: [SAMPLE],
        stdout: lines(
          "open a missing file: no such file",
          "close what is not open: bad file descriptor",
          "read from what is not open: bad file descriptor",
          "seeking to the end gives the size: yes",
          "reading at the end gives nothing: yes",
          "64 bytes read: yes",
          "position follows: yes",
          "16 bytes read: yes",
          "they are bytes 16 to 31: yes",
          "mapped: yes",
          "closed: yes",
          "mapping outlives the descriptor: yes",
          "unmapped: yes",
          "2 MiB aligned: yes",
          "deallocated: yes",
          "no access at first: yes",
          "made writable: yes",
          "made read-only: yes",
          "still readable: yes",
          "unmapped: yes",
          "unmap a misaligned address: invalid argument",
          "protect what is unmapped: no memory",
          "process id is positive: yes",
          "wait without a child: no child",
          "waited for any child: yes",
          "its id was its own: yes",
          "a child with an undefined instruction dies of signal 4",
          "timebase is sane: yes",
          "time does not run backwards: yes",
        ),
        exitStatus: 0,
      },
    ],
  },
  {
    name: "uart",
    summary: "prints through a PL011 whose registers it finds at an address",
    runs: [
      {
        args: [],
        stdout: "",
        stderr: "usage: uart ADDRESS\n",
        exitStatus: 2,
      },
    ],
  },
];

/** Programs that only make sense on XNU: there is no ELF build. */
export const DARWIN_PROGRAMS: readonly GuestProgram[] = [
  {
    name: "pager",
    summary: "a task that is the pager of its children's memory",
    runs: [
      {
        args: [],
        stdout: lines(
          "pages asked for: 8",
          "a child sees every word: yes",
          "so does the pager: yes",
          "no data are zeroes: yes",
          "an error is signal: 10",
          "and an error for the kernel: yes",
          "the others' turn comes first: os, both right: yes",
          "synchronised: yes, the pager gets: 4711",
          "the pager exits with: 7",
          "its client ends by signal: 10",
        ),
        exitStatus: 0,
      },
    ],
  },
  {
    name: "ports",
    summary: "a receive right that travels, port sets, and news of rights that are gone",
    runs: [
      {
        args: [],
        stdout: lines(
          "the child ends with: 7",
          "first: 2, then a right of type: 16",
          "in order: 1p 3p 4p 5b",
          "no senders: 70, made here: 0",
          "out of the set: yes",
          "who waited for room ends with: 3",
          "who waited for the news ends with: 72",
        ),
        exitStatus: 0,
      },
    ],
  },
];
