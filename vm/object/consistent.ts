import { check } from "../../emulator/arch/check.js";
import { VM_PAGE_IS_WIRED, VM_PAGE_ON_FREE_Q, type VmPage } from "../page/page.js";
import { PAGE_SIZE } from "../types.js";
import { isOwnedMemory } from "./ownership.js";
import { vmObjectIsCompressed } from "./compressed.js";
import {
  MEMORY_OBJECT_COPY_INVALID,
  MEMORY_OBJECT_COPY_SYMMETRIC,
  VM_PURGABLE_DENY,
  type VmObject,
} from "./object.js";

/** Check `object` and everything below it. @throws HostBug at the first broken invariant */
export function vmObjectAssertConsistent(object: VmObject): void {
  const chain = new Set<VmObject>();
  for (let at: VmObject | null = object; at !== null; at = at.shadow) {
    check(!chain.has(at), "shadow chain has a cycle", object);
    chain.add(at);
    assertObject(at);
  }
}

function assertObject(object: VmObject): void {
  const { context } = object;
  check(object.refCount > 0, "object in use without a reference", object);
  check(object.alive !== object.terminating, "alive and terminating disagree", object);
  check(object.size >= 0 && object.size % PAGE_SIZE === 0, "size is not whole pages", object);
  check(object.pagingInProgress >= 0 && object.activityInProgress >= 0, "negative hold", object);
  assertPages(object);
  assertShadow(object);
  assertOwner(object);
  assertPager(object);
  if (object.terminating) {
    check(context.objects.reaping.has(object), "a dead object nobody reaps", object);
  }
}

/** The list and the index hold the same pages, each of which points back here. */
function assertPages(object: VmObject): void {
  let count = 0;
  let wired = 0;
  let previous: VmPage | null = null;
  for (let page = object.firstPage; page !== null; page = page.listNext) {
    check(page.object === object && page.tabled, "page is in another object", object, page);
    check(page.listPrev === previous, "page list is broken", object, page);
    check(object.pages.get(page.offset / PAGE_SIZE) === page, "page is not indexed", object, page);
    check(page.queueState !== VM_PAGE_ON_FREE_Q, "free page in an object", object, page);
    check(!object.internal || page.offset < object.size, "page past the end", object, page);
    check(
      page.wireCount > 0 === (page.queueState === VM_PAGE_IS_WIRED),
      "wired state",
      object,
      page,
    );
    if (page.wireCount > 0) wired += 1;
    count += 1;
    previous = page;
    check(count <= object.pages.size, "page list is longer than the index", object);
  }
  check(object.lastPage === previous, "tail of the page list is stale", object);
  check(count === object.pages.size, "page list is shorter than the index", object);
  check(wired === object.wiredPageCount, "wired page count is stale", object, wired);
}

function assertShadow(object: VmObject): void {
  const { shadow, copy } = object;
  if (shadow === null) {
    check(object.shadowOffset === 0, "shadow offset without a shadow", object);
  } else {
    check(shadow.alive, "shadow is dead", object, shadow);
    check(object.shadowOffset % PAGE_SIZE === 0, "unaligned shadow offset", object);
    check(object.internal, "external object with a shadow", object);
    check(object.purgable === VM_PURGABLE_DENY, "purgeable object with a shadow", object);
  }
  if (copy !== null) {
    check(copy.alive, "copy object is dead", object, copy);
    check(copy.shadow === object && copy.shadowOffset === 0, "copy object is misplaced", object);
  }
}

/** Purgeable and tagged memory is somebody's, and nothing else is; it is neither a copy nor has any. */
function assertOwner(object: VmObject): void {
  const { owner } = object;
  if (object.terminating) return;
  check(
    (owner !== null) === isOwnedMemory(object),
    "owned memory without an owner, or the other way round",
    object,
  );
  if (owner === null) return;
  check(owner.objects.has(object), "owner does not know its object", object);
  check(!owner.disowned, "owned by a task that is gone", object);
  check(
    object.shadow === null && object.copy === null,
    "owned object with a shadow or a copy",
    object,
  );
}

function assertPager(object: VmObject): void {
  const { pager, internal } = object;
  if (internal && pager !== null) {
    check(object.pagerCreated && object.pagerReady, "anonymous pager that is not ready", object);
    for (let page = object.firstPage; page !== null; page = page.listNext) {
      const twice = !page.absent && vmObjectIsCompressed(object, page.offset);
      check(!twice || page.busy, "page is resident and compressed", object, page);
    }
  } else if (pager !== null) {
    check(object.pagerCreated, "pager that was not created", object);
    check(object.context.objects.byPager.get(pager) === object, "pager is bound elsewhere", object);
  }
  if (internal) {
    check(!object.named && !object.canPersist, "anonymous object that is named", object);
  } else {
    check(object.copyStrategy !== MEMORY_OBJECT_COPY_SYMMETRIC, "symmetric file", object);
    const ready = object.copyStrategy !== MEMORY_OBJECT_COPY_INVALID;
    check(object.pagerReady === ready, "pager is ready without a strategy", object);
  }
}
