import { TLBI_NAMES, type TlbiRequest } from "../arch/tlbi.js";

/** Lookups in one level of the TLB. */
export interface LevelCounters {
  hits: number;
  misses: number;
}

/** What was done for one ASID. */
export interface AsidCounters {
  lookups: number;
  /** Lookups that no level of the TLB answered. */
  misses: number;
  walks: number;
  /** TLBI instructions that named it. */
  invalidations: number;
}

/** Event counts since the machine was made. */
export interface MmuCounters {
  /** Lookups in the TLB model: misses of the inline TLB, instruction fetches, host accesses. */
  lookups: number;
  /** Answered by any level. */
  hits: number;
  /** By level; the first levels count nothing where there are none. */
  readonly levels: {
    readonly instruction: LevelCounters;
    readonly data: LevelCounters;
    readonly unified: LevelCounters;
  };
  walks: number;
  /** Walks that did not begin at the first table, since what leads further was cached. */
  shortWalks: number;
  /** Descriptors read. */
  walkReads: number;
  /** Walks that ended in a fault. */
  walkFaults: number;
  /** Descriptors the hardware wrote: access flags set, pages made dirty. */
  accessFlagsSet: number;
  dirtyStatesSet: number;
  /** TLBI by name, IS and OS forms included: "VAE1", "RVALE1", ... */
  readonly tlbi: Record<string, number>;
  /** TLBI that were broadcast: IS and OS forms. */
  shootdowns: number;
  /** Entries of the TLB that TLBI dropped. */
  entriesInvalidated: number;
  readonly byAsid: Map<number, AsidCounters>;
}

export function newMmuCounters(): MmuCounters {
  const level = (): LevelCounters => ({ hits: 0, misses: 0 });
  return {
    lookups: 0,
    hits: 0,
    levels: { instruction: level(), data: level(), unified: level() },
    walks: 0,
    shortWalks: 0,
    walkReads: 0,
    walkFaults: 0,
    accessFlagsSet: 0,
    dirtyStatesSet: 0,
    tlbi: Object.fromEntries(TLBI_NAMES.map((name) => [name, 0])),
    shootdowns: 0,
    entriesInvalidated: 0,
    byAsid: new Map(),
  };
}

/** The counters of an ASID, made when they are new. */
export function countersOf(counters: MmuCounters, asid: number): AsidCounters {
  let found = counters.byAsid.get(asid);
  if (found === undefined) {
    found = { lookups: 0, misses: 0, walks: 0, invalidations: 0 };
    counters.byAsid.set(asid, found);
  }
  return found;
}

export function countTlbi(counters: MmuCounters, request: TlbiRequest): void {
  counters.tlbi[request.name] = (counters.tlbi[request.name] ?? 0) + 1;
  if (request.broadcast !== "none") counters.shootdowns++;
  if (request.asid !== null) countersOf(counters, request.asid).invalidations++;
}

/** The counters in a few lines, for people. */
export function describeMmuCounters(c: MmuCounters): string[] {
  const { instruction, data, unified } = c.levels;
  const share = (part: number, all: number): string =>
    all === 0 ? "-" : `${((100 * part) / all).toFixed(1)} %`;
  const level = (name: string, { hits, misses }: LevelCounters): string[] =>
    hits + misses === 0 ? [] : [`${name} ${hits} hits, ${misses} misses`];
  const kinds = Object.entries(c.tlbi).filter(([, n]) => n > 0);
  const lines = [
    `${c.lookups} lookups, ${share(c.hits, c.lookups)} hits; ` +
      [
        ...level("L1I", instruction),
        ...level("L1D", data),
        `${c.walks} walks (${c.shortWalks} from a cached table, ${c.walkFaults} faults), ${c.walkReads} reads`,
      ].join("; "),
  ];
  if (instruction.hits + data.hits > 0) lines.push(...level("L2", unified));
  if (kinds.length > 0) {
    const list = kinds.map(([name, n]) => `${name} ${n}`).join(", ");
    lines.push(`TLBI ${list}; ${c.shootdowns} broadcast; ${c.entriesInvalidated} entries dropped`);
  }
  if (c.accessFlagsSet + c.dirtyStatesSet > 0) {
    lines.push(
      `set by hardware: ${c.accessFlagsSet} access flags, ${c.dirtyStatesSet} dirty states`,
    );
  }
  const used = [...c.byAsid].filter(([, a]) => a.lookups + a.invalidations > 0);
  const asids = used.sort(([, a], [, b]) => b.lookups - a.lookups).slice(0, 8);
  for (const [asid, a] of asids) {
    lines.push(
      `ASID ${asid}: ${a.lookups} lookups, ${a.misses} misses, ${a.walks} walks, ${a.invalidations} TLBI`,
    );
  }
  return lines;
}
