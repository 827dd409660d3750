import { doorAt, type Translation } from "./code-cache.js";

/** Targets kept of one branch: beyond these it is better looked up. */
const MAX_TARGETS = 128;
/** How often what was translated may be thrown away for new targets of one branch. */
const MAX_REMAKES = 4;

/** What is known of one indirect branch. */
interface Source {
  readonly targets: Set<number>;
  /** Translations made when fewer targets were known. */
  readonly users: Set<Translation>;
  /** Targets were added since the last look. */
  fresh: boolean;
  remakes: number;
}

/**
 * Where indirect branches have been seen to go. A region made later has those targets as blocks of its own,
 * reached by a jump table, with every register staying where it is.
 */
export class IndirectTargets {
  readonly #sources = new Map<number, Source>();
  /** Sources with targets that their users do not know. */
  readonly #behind = new Set<Source>();

  #source(pc: number): Source {
    let source = this.#sources.get(pc);
    if (source === undefined) {
      source = { targets: new Set(), users: new Set(), fresh: false, remakes: 0 };
      this.#sources.set(pc, source);
    }
    return source;
  }

  /** The branch at `from` went to `to`. Both are addresses. */
  note(from: number, to: number): void {
    const source = this.#source(from);
    if (source.targets.has(to) || source.targets.size >= MAX_TARGETS) return;
    source.targets.add(to);
    source.fresh = true;
    if (source.remakes < MAX_REMAKES) this.#behind.add(source);
  }

  /** Known targets of the branch at an address. */
  targetsOf(pc: number): readonly number[] {
    const source = this.#sources.get(pc);
    return source === undefined ? [] : [...source.targets];
  }

  /** A translation contains the branches it says. */
  use(translation: Translation): void {
    for (const pc of translation.indirect) this.#source(pc).users.add(translation);
  }

  /** A translation is gone: nothing may keep its code. */
  release(translation: Translation): void {
    for (const pc of translation.indirect) this.#sources.get(pc)?.users.delete(translation);
  }

  /**
   * Translations of the region at `pc`, or with a door there, where a slice has just ended and time is spent, that are worth making again:
   * branches in them have had new targets, but none since the last call.
   */
  takeOutdated(pc: number): Translation[] {
    const outdated: Translation[] = [];
    for (const source of this.#behind) {
      if (source.fresh) {
        source.fresh = false;
        continue;
      }
      for (const user of source.users) {
        if (user.pc === pc) source.users.delete(user);
        else if (doorAt(user.doors, pc) < 0 || user.unit.opened.has(pc)) continue;
        source.remakes++;
        outdated.push(user);
      }
      if (source.remakes >= MAX_REMAKES) this.#behind.delete(source);
    }
    return outdated;
  }

  /** Forget everything: the code has changed. */
  clear(): void {
    this.#sources.clear();
    this.#behind.clear();
  }
}
