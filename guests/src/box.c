/*
 * Memory sent out of line: to this process itself, to a child, and back. What arrives is
 * checked word by word, before and after either side writes; wired memory is sent as well.
 */
#include "rt/guest.h"

enum { PAGES = 8, WORDS = PAGES * PAGE_SIZE / sizeof(u64) };
static const size_t SIZE = PAGES * PAGE_SIZE;

static const char *yes(int truth) { return truth ? "yes" : "no"; }

static void check(const char *what, long error) {
    if (error == 0) return;
    print_error("box: %s: %s\n", what, error_text(error));
    exit(1);
}

static void fill(u64 *words, u64 seed) {
    for (u64 i = 0; i < WORDS; i++) words[i] = seed + i;
}

static int holds(const u64 *words, u64 count, u64 seed) {
    for (u64 i = 0; i < count; i++)
        if (words[i] != seed + i) return 0;
    return 1;
}

static int is_zero(const u8 *bytes, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (bytes[i]) return 0;
    return 1;
}

static u64 *fresh(u64 seed) {
    void *memory;
    check("allocate", vm_allocate(&memory, SIZE));
    fill(memory, seed);
    return memory;
}

static void *take(u32 box, size_t size) {
    void *memory;
    size_t arrived;
    check("take", box_take(box, &memory, &arrived));
    print("%lu bytes arrived: %s\n", arrived, yes(arrived == size));
    return memory;
}

static void to_oneself(u32 box, u64 *source) {
    print("put 8 pages: %s\n", error_text(box_put(box, source, SIZE, BOX_LAZY)));
    source[0] = 7;
    u64 *copy = take(box, SIZE);
    print("they are what was put, not what came later: %s\n", yes(holds(copy, WORDS, 1000)));
    copy[1] = 8;
    source[2] = 9;
    print("writes stay apart: %s\n", yes(source[1] == 1001 && copy[2] == 1002));
    check("unmap", vm_deallocate(copy, SIZE));
    fill(source, 1000);

    print("put 3 pages of odd bytes: %s\n",
          error_text(box_put(box, (u8 *)source + 40, 3 * PAGE_SIZE, BOX_LAZY)));
    u8 *odd = take(box, 3 * PAGE_SIZE);
    print("at the same place of a page: %s\n", yes((u64)odd % PAGE_SIZE == 40));
    print("they are the same: %s\n", yes(memcmp(odd, (u8 *)source + 40, 3 * PAGE_SIZE) == 0));
    print("nothing around came along: %s\n",
          yes(is_zero(odd - 40, 40) && is_zero(odd + 3 * PAGE_SIZE, PAGE_SIZE - 40)));
    check("unmap", vm_deallocate(odd - 40, 4 * PAGE_SIZE));

    print("put 100 bytes: %s\n", error_text(box_put(box, (u8 *)source + 40, 100, BOX_LAZY)));
    u8 *few = take(box, 100);
    print("at the start of a page: %s\n", yes((u64)few % PAGE_SIZE == 0));
    print("they are the same: %s\n", yes(memcmp(few, (u8 *)source + 40, 100) == 0));
    check("unmap", vm_deallocate(few, PAGE_SIZE));

    print("put an eager copy: %s\n", error_text(box_put(box, source, SIZE, BOX_EAGER)));
    source[5] = 1;
    copy = take(box, SIZE);
    print("they are what was put: %s\n", yes(holds(copy, WORDS, 1000)));
    check("unmap", vm_deallocate(copy, SIZE));
    source[5] = 1005;
}

static void given_away(u32 box) {
    u64 *gift = fresh(2000);
    print("give 8 pages away: %s\n", error_text(box_put(box, gift, SIZE, BOX_GIVE)));
    print("put them again: %s\n", error_text(box_put(box, gift, SIZE, BOX_LAZY)));
    u64 *copy = take(box, SIZE);
    print("they are the same: %s\n", yes(holds(copy, WORDS, 2000)));
    check("unmap", vm_deallocate(copy, SIZE));
}

static void wired(u32 box, u64 *source) {
    print("wire: %s\n", error_text(vm_wire(source, SIZE, PROT_READ | PROT_WRITE)));
    print("put wired pages: %s\n", error_text(box_put(box, source, SIZE, BOX_LAZY)));
    source[3] = 1;
    u64 *copy = take(box, SIZE);
    print("they are what was put: %s\n", yes(holds(copy, WORDS, 1000)));
    source[3] = 1003;
    print("unwire: %s\n", error_text(vm_wire(source, SIZE, PROT_NONE)));
    print("wire what is not mapped: %s\n", error_text(vm_wire((u8 *)source + (1ul << 40), SIZE, PROT_READ)));
    check("unmap", vm_deallocate(copy, SIZE));
}

/* The child sends more than a box holds. */
static void child(void) {
    u32 box;
    check("parent's box", box_of_parent(&box));
    u64 *numbers = fresh(0);
    for (u64 round = 0; round < 6; round++) {
        fill(numbers, round * 10000);
        check("put", box_put(box, numbers, SIZE, BOX_LAZY));
    }
    os_exit(0);
}

static void from_a_child(u32 box) {
    check("open", box_open_to_children(box));
    long id = os_fork();
    if (id == 0) child();
    int right = 1;
    for (u64 round = 0; round < 6; round++) {
        void *memory;
        size_t size;
        check("take", box_take(box, &memory, &size));
        u64 *numbers = memory;
        right &= size == SIZE && holds(numbers, WORDS, round * 10000);
        numbers[0] = 1; /* the child's stay as they are */
        check("unmap", vm_deallocate(memory, SIZE));
    }
    struct wait_result result;
    check("wait", os_wait(id, &result) == id ? 0 : -ERROR_OTHER);
    print("a child sent six times 8 pages: %s\n", yes(right));
    print("it ended well: %s\n", yes(result.signal == 0 && result.exit_status == 0));
}

int main(void) {
    u32 box;
    check("make", box_make(&box));
    u64 *source = fresh(1000);
    to_oneself(box, source);
    given_away(box);
    wired(box, source);
    from_a_child(box);
    print("the source is as it was: %s\n", yes(holds(source, WORDS, 1000)));
    return 0;
}
