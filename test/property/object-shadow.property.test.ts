import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runNow } from "../../vm/blocking.js";
import {
  vmObjectAllocate,
  vmObjectCollapse,
  vmObjectCopyDelayed,
  vmObjectCopyQuickly,
  vmObjectDeallocate,
  vmObjectPagingBegin,
  vmObjectPagingEnd,
  vmObjectReference,
  vmObjectShadow,
  type ObjectRef,
} from "../../vm/object/index.js";
import {
  MEMORY_OBJECT_COPY_DELAY,
  MEMORY_OBJECT_COPY_SYMMETRIC,
  type VmObject,
} from "../../vm/object/object.js";
import type { VmPage } from "../../vm/page/page.js";
import { vmPageActivate } from "../../vm/page/queues.js";
import { vmPageAlloc, vmPageLookup, vmPageWakeupDone } from "../../vm/page/resident.js";
import { PAGE_SIZE as PAGE } from "../../vm/types.js";
import type { VmSystem } from "../../vm/system.js";
import { testSystem } from "../support/vm-buffer.js";

const PAGES = 6;
const MAX_USERS = 6;

/** Who looks at an object, as a map entry does: a window of it, maybe with a copy pending. */
interface User {
  readonly ref: ObjectRef;
  needsCopy: boolean;
  /** What each page of the window must contain. */
  readonly flat: number[];
}

type Step =
  | { readonly do: "write"; readonly user: number; readonly page: number; readonly value: number }
  | { readonly do: "copy"; readonly user: number; readonly from: number; readonly pages: number }
  | { readonly do: "split"; readonly user: number; readonly page: number }
  | { readonly do: "share" | "drop" | "hold" | "collapse"; readonly user: number };

const user = fc.nat({ max: MAX_USERS - 1 });
const page = fc.nat({ max: PAGES - 1 });
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant("write" as const),
      user,
      page,
      value: fc.integer({ min: 1, max: 255 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("copy" as const),
      user,
      from: page,
      pages: fc.integer({ min: 1, max: PAGES }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("split" as const), user, page }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("drop" as const), user }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom("share", "hold", "collapse" as const), user }),
  },
) as fc.Arbitrary<Step>;

/** Objects and their users, with just enough of a fault handler to write through them. */
class Chains {
  readonly #system: VmSystem;
  readonly #free: number;
  readonly #users: User[] = [];
  /** Objects with a paging hold, and the reference that goes with it. */
  readonly #held: VmObject[] = [];

  constructor() {
    this.#system = testSystem({ pages: 128 }).system;
    this.#free = this.#system.pages.free.count;
  }

  apply(step: Step): void {
    if (this.#users.length === 0) {
      const object = vmObjectAllocate(this.#system, PAGES * PAGE);
      this.#add({ object, offset: 0 }, false, new Array<number>(PAGES).fill(0));
    }
    const who = this.#users[step.user % this.#users.length]!;
    switch (step.do) {
      case "write":
        return this.#write(who, step.page % who.flat.length, step.value);
      case "copy":
        return this.#copy(who, step.from % who.flat.length, step.pages);
      case "split":
        return this.#split(who, step.page);
      case "share":
        return this.#share(who);
      case "drop":
        return this.#drop(who);
      case "hold":
        return this.#hold(who);
      case "collapse":
        return vmObjectCollapse(who.ref.object, 0, true);
    }
  }

  check(): void {
    const users = this.#users.map((one) => one.ref.object);
    this.#system.assertConsistent({ maps: [], objects: [...users, ...this.#held] });
    for (const { ref, flat } of this.#users) {
      flat.forEach((value, i) => {
        expect(this.#contents(this.#find(ref.object, ref.offset + i * PAGE))).toBe(value);
      });
    }
  }

  /** Everybody leaves: nothing may be left behind. */
  end(): void {
    for (const object of this.#held) {
      vmObjectPagingEnd(object);
      vmObjectDeallocate(object);
    }
    for (const { ref } of this.#users) vmObjectDeallocate(ref.object);
    expect(this.#system.objects.live.size).toBe(0);
    expect(this.#system.pages.free.count).toBe(this.#free);
    this.#system.assertConsistent({ maps: [] });
  }

  #add(ref: ObjectRef, needsCopy: boolean, flat: number[]): void {
    this.#users.push({ ref, needsCopy, flat });
  }

  #drop(who: User): void {
    this.#users.splice(this.#users.indexOf(who), 1);
    vmObjectDeallocate(who.ref.object);
  }

  #hold(who: User): void {
    const held = this.#held.pop();
    if (held) {
      vmObjectPagingEnd(held);
      vmObjectDeallocate(held);
    } else {
      vmObjectReference(who.ref.object);
      vmObjectPagingBegin(who.ref.object);
      this.#held.push(who.ref.object);
    }
  }

  /** Two windows on one object, as clipping makes them. */
  #split(who: User, at: number): void {
    if (at === 0 || at >= who.flat.length || this.#users.length >= MAX_USERS) return;
    vmObjectReference(who.ref.object);
    const offset = who.ref.offset + at * PAGE;
    this.#add({ object: who.ref.object, offset }, who.needsCopy, who.flat.splice(at));
  }

  /** From now on other users write this object directly, so copies are pushed to. */
  #share(who: User): void {
    const { object } = who.ref;
    if (object.copyStrategy !== MEMORY_OBJECT_COPY_SYMMETRIC) return;
    if (who.needsCopy || object.shadowed || object.size > who.flat.length * PAGE) {
      this.#shadow(who);
    }
    who.ref.object.copyStrategy = MEMORY_OBJECT_COPY_DELAY;
    who.ref.object.trueShare = true;
  }

  #copy(who: User, from: number, pages: number): void {
    if (this.#users.length >= MAX_USERS) return;
    const flat = who.flat.slice(from, from + pages);
    const offset = who.ref.offset + from * PAGE;
    const quick = vmObjectCopyQuickly(who.ref.object);
    if (quick.ok) {
      who.needsCopy = true;
      return this.#add({ object: who.ref.object, offset }, true, flat);
    }
    const copy = runNow(vmObjectCopyDelayed(who.ref.object, offset, flat.length * PAGE));
    if (copy) this.#add({ object: copy, offset }, true, flat);
  }

  #shadow(who: User): void {
    who.ref.object.shadowed = true;
    vmObjectShadow(who.ref, who.flat.length * PAGE, false);
    who.needsCopy = false;
  }

  #write(who: User, index: number, value: number): void {
    if (who.needsCopy) this.#shadow(who);
    const { object } = who.ref;
    const offset = who.ref.offset + index * PAGE;
    const old = this.#contents(this.#find(object, offset));
    this.#push(object, offset, old);
    const mine = vmPageLookup(object, offset);
    const target = mine ?? this.#newPage(object, offset);
    this.#system.phys.page(target.ppn).fill(value, 0, 1);
    if (mine === null && object.shadow) vmObjectCollapse(object, offset, true);
    who.flat[index] = value;
  }

  #push(object: VmObject, offset: number, value: number): void {
    const { copy } = object;
    if (copy === null || offset >= copy.size || vmPageLookup(copy, offset)) return;
    const pushed = this.#newPage(copy, offset);
    this.#system.phys.page(pushed.ppn).fill(value, 0, 1);
  }

  #newPage(object: VmObject, offset: number): VmPage {
    const made = vmPageAlloc(object, offset);
    if (made === null) throw new Error("out of pages");
    made.dirty = true;
    vmPageActivate(this.#system, made);
    vmPageWakeupDone(this.#system, made);
    return made;
  }

  #find(top: VmObject, offset: number): VmPage | null {
    let at = offset;
    for (let object: VmObject | null = top; object; object = object.shadow) {
      const found = vmPageLookup(object, at);
      if (found) return found;
      at += object.shadowOffset;
    }
    return null;
  }

  #contents(found: VmPage | null): number {
    return found ? this.#system.phys.page(found.ppn)[0]! : 0;
  }
}

describe("shadow chains against flat arrays", () => {
  it("keep contents and references exact through copies, writes, collapses and exits", () => {
    fc.assert(
      fc.property(fc.array(anyStep, { minLength: 1, maxLength: 60, size: "max" }), (steps) => {
        const chains = new Chains();
        for (const step of steps) {
          chains.apply(step);
          chains.check();
        }
        chains.end();
      }),
      { numRuns: 400 },
    );
  });
});
