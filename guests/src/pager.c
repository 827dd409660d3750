/*
 * A task that is the pager of its children's memory: it makes a memory object, maps it, and answers what the
 * kernel asks when a child touches a page. Children say that they are done by touching the last page.
 *
 * With an argument, one child writes so many pages and reads them again: on a small machine the pager gets them
 * back meanwhile, keeps them, and is asked for them.
 */
#include "rt/darwin/pager.h"

enum { PAGES = 8, EMPTY = 8, BROKEN = 9, SLOW = 10, DONE = 11, ALL };
enum { WORDS = PAGE_SIZE / sizeof(u64) };

static const char *yes(int truth) { return truth ? "yes" : "no"; }

static port_name object, control;
static u64 *memory;

static void must(long error, const char *what) {
    if (error == 0) return;
    print_error("pager: %s: %s\n", what, error_text(error));
    exit(1);
}

static u64 pattern(u64 page, u64 word) { return (page + 1) * 1000003 + word; }

static void make_object(u64 pages) {
    void *address;
    must(pager_create(&object), "port");
    must(pager_map(object, pages * PAGE_SIZE, &address), "map");
    memory = address;
    struct pager_message message;
    must(pager_receive(object, &message), "receive");
    control = message.control;
    must(pager_ready(control, PAGER_COPY_DELAY), "ready");
}

static u64 touch(u64 page) { return *(volatile u64 *)(memory + page * WORDS); }

static u64 buffer[WORDS];

static void supply(u64 page) {
    for (u64 i = 0; i < WORDS; i++) buffer[i] = pattern(page, i);
    must(pager_supply(control, page * PAGE_SIZE, buffer, PAGE_SIZE), "supply");
}

/* Serves until a child is done. @returns pages that were asked for */
static u64 serve(u64 *returned) {
    struct pager_message message;
    for (u64 asked = 0;; asked++) {
        must(pager_receive(object, &message), "receive");
        u64 page = message.offset / PAGE_SIZE;
        if (message.event == PAGER_RETURN) {
            *returned = *(u64 *)message.data;
            must(vm_deallocate(message.data, message.size), "unmap");
        } else if (page == EMPTY) {
            must(pager_unavailable(control, message.offset, message.size), "unavailable");
        } else if (page == BROKEN) {
            must(pager_error(control, message.offset, message.size), "error");
        } else if (page == DONE) {
            must(pager_unavailable(control, message.offset, message.size), "unavailable");
            return asked;
        } else if (page != SLOW) {
            supply(page);
        }
    }
}

/* Each client's last page is its own mapping of the object: dropped, so that the next one asks again. */
static int client_status(long child) {
    struct wait_result result;
    os_wait(child, &result);
    return result.signal ? 100 + result.signal : result.exit_status;
}

static void right_bytes(void) {
    u64 returned = 0;
    long child = os_fork();
    if (child == 0) {
        int wrong = 0;
        for (u64 page = 0; page < PAGES; page++)
            for (u64 i = 0; i < WORDS; i++) wrong |= memory[page * WORDS + i] != pattern(page, i);
        touch(DONE);
        os_exit(wrong);
    }
    print("pages asked for: %lu\n", serve(&returned));
    print("a child sees every word: %s\n", yes(client_status(child) == 0));
    print("so does the pager: %s\n", yes(memory[3 * WORDS + 5] == pattern(3, 5)));
}

/* A child that dies, and one that watches it: its exit status is the signal. */
static void watched(u64 page) {
    long child = os_fork();
    if (child == 0) os_exit(touch(page) == 0 ? 50 : 51);
    int status = client_status(child);
    touch(DONE);
    os_exit(status);
}

static void fresh_object(void) {
    struct pager_message message;
    must(vm_deallocate(memory, ALL * PAGE_SIZE), "unmap");
    must(pager_receive(object, &message), "receive");
    if (message.event != PAGER_TERMINATE) print("not told of the end\n");
    make_object(ALL);
}

static void answers(void) {
    u64 returned = 0;
    fresh_object();
    long child = os_fork();
    if (child == 0) watched(EMPTY);
    serve(&returned);
    print("no data are zeroes: %s\n", yes(client_status(child) == 50));

    fresh_object();
    child = os_fork();
    if (child == 0) watched(BROKEN);
    serve(&returned);
    print("an error is signal: %d\n", client_status(child) - 100);

    fresh_object();
    child = os_fork();
    if (child == 0) {
        int ends[2];
        os_pipe(ends);
        int refused = os_write(ends[1], memory + BROKEN * WORDS, 8) < 0;
        touch(DONE);
        os_exit(refused);
    }
    serve(&returned);
    print("and an error for the kernel: %s\n", yes(client_status(child) == 1));
}

static void slow_page(void) {
    u64 returned = 0;
    int ends[2];
    fresh_object();
    must(os_pipe(ends), "pipe");
    long slow = os_fork();
    if (slow == 0) {
        u64 first = touch(SLOW);
        os_write(ends[1], "s", 1);
        os_exit(first == pattern(SLOW, 0));
    }
    long other = os_fork();
    if (other == 0) {
        u64 wrong = 0;
        for (u64 page = 0; page < PAGES; page++) wrong |= touch(page) ^ pattern(page, 0);
        os_write(ends[1], "o", 1);
        touch(DONE);
        os_exit(wrong == 0);
    }
    serve(&returned);
    int ok = client_status(other);
    supply(SLOW);
    ok += client_status(slow);
    char order[3] = {0};
    os_read(ends[0], order, 2);
    print("the others' turn comes first: %s, both right: %s\n", order, yes(ok == 2));
}

static void write_back(void) {
    u64 returned = 0;
    fresh_object();
    long child = os_fork();
    if (child == 0) {
        memory[2 * WORDS] = 4711;
        long error = os_sync(memory, PAGES * PAGE_SIZE);
        touch(DONE);
        os_exit(error == 0);
    }
    serve(&returned);
    print("synchronised: %s, the pager gets: %lu\n", yes(client_status(child) == 1), returned);
}

/* The pager is a child this time, and exits with a page owed to its own child's child. */
static void death(void) {
    int ends[2];
    must(os_pipe(ends), "pipe");
    long child = os_fork();
    if (child == 0) {
        make_object(ALL);
        long watcher = os_fork();
        if (watcher == 0) {
            long client = os_fork();
            if (client == 0) os_exit((int)touch(1));
            u8 status = (u8)client_status(client);
            os_write(ends[1], &status, 1);
            os_exit(0);
        }
        struct pager_message message;
        must(pager_receive(object, &message), "receive");
        os_exit(7);
    }
    print("the pager exits with: %d\n", client_status(child));
    u8 status = 0;
    os_read(ends[0], &status, 1);
    print("its client ends by signal: %d\n", status - 100);
}

static void large(u64 pages) {
    make_object(pages + 1);
    long child = os_fork();
    if (child == 0) {
        int wrong = 0;
        for (u64 page = 0; page < pages; page++) memory[page * WORDS + page % WORDS] = page + 1;
        for (u64 page = 0; page < pages; page++)
            wrong |= memory[page * WORDS + page % WORDS] != page + 1;
        touch(pages);
        os_exit(wrong);
    }
    void *store;
    must(vm_allocate(&store, pages * PAGE_SIZE), "store");
    u64 returned = 0;
    for (;;) {
        struct pager_message message;
        must(pager_receive(object, &message), "receive");
        u8 *kept = (u8 *)store + message.offset;
        if (message.event == PAGER_RETURN) {
            memcpy(kept, message.data, message.size);
            must(vm_deallocate(message.data, message.size), "unmap");
            returned++;
        } else if (message.offset == pages * PAGE_SIZE) {
            must(pager_unavailable(control, message.offset, message.size), "unavailable");
            break;
        } else {
            must(pager_supply(control, message.offset, kept, message.size), "supply");
        }
    }
    print("every page is as it was written: %s\n", yes(client_status(child) == 0));
    print("pages came back: %s\n", yes(returned > 0));
}

int main(int argc, char **argv) {
    u64 pages = argument_u64(argc, argv, 1, 0, 1, 100000);
    if (pages > 0) {
        large(pages);
        return 0;
    }
    make_object(ALL);
    right_bytes();
    answers();
    slow_page();
    write_back();
    death();
    return 0;
}
