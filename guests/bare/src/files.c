/* Semihosting's files, in the directory it is given, and what else it knows. */
#include "bare.h"

void handle(enum group group, enum kind kind, struct frame *frame) {
    (void)group, (void)kind;
    print("unexpected: ESR %lx at %lx\n", frame->esr, frame->elr);
    exit(1);
}

enum { READ = 0, READ_UPDATE = 2, WRITE = 4 };

static long open(const char *path, u64 mode) {
    const u64 block[3] = {(u64)path, mode, strlen(path)};
    return (long)(int)semihost(SYS_OPEN, block);
}
static long call1(enum semihosting operation, u64 a) { return (long)semihost(operation, &(const u64[1]){a}); }
static long call2(enum semihosting operation, u64 a, u64 b) {
    return (long)semihost(operation, (const u64[2]){a, b});
}
static long call3(enum semihosting operation, u64 a, const void *b, u64 c) {
    return (long)semihost(operation, (const u64[3]){a, (u64)b, c});
}
static long rename(const char *from, const char *to) {
    return (long)(int)semihost(SYS_RENAME, (const u64[4]){(u64)from, strlen(from), (u64)to, strlen(to)});
}

static void show(const char *path) {
    char text[64];
    long file = open(path, READ);
    if (file < 0) {
        print("%s: cannot be opened\n", path);
        return;
    }
    long length = call1(SYS_FLEN, (u64)file);
    long missing = call3(SYS_READ, (u64)file, text, sizeof text - 1);
    text[sizeof text - 1 - (u64)missing] = 0;
    print("%s: %ld bytes: \"%s\", terminal %ld\n", path, length, text, call1(SYS_ISTTY, (u64)file));
    print("   at the end %ld of 8 bytes are not read\n", call3(SYS_READ, (u64)file, text, 8));
    call1(SYS_CLOSE, (u64)file);
}

int main(int argc, char **argv) {
    (void)argc, (void)argv;
    long file = open("out.txt", WRITE);
    print("written, left %ld\n", call3(SYS_WRITE, (u64)file, "first line", 10));
    print("close %ld\n", call1(SYS_CLOSE, (u64)file));
    show("out.txt");
    file = open("out.txt", READ_UPDATE);
    print("seek %ld\n", call2(SYS_SEEK, (u64)file, 6));
    call3(SYS_WRITE, (u64)file, "LINE", 4);
    print("seek %ld\n", call2(SYS_SEEK, (u64)file, 0));
    call1(SYS_CLOSE, (u64)file);
    show("out.txt");
    print("rename %ld\n", rename("out.txt", "renamed.txt"));
    show("out.txt");
    show("renamed.txt");
    print("remove %ld, again %s\n", call2(SYS_REMOVE, (u64) "renamed.txt", 11),
          (int)call2(SYS_REMOVE, (u64) "renamed.txt", 11) < 0 ? "refused" : "done");
    print("error number %ld\n", (long)semihost(SYS_ERRNO, 0));
    print("is an error: %s, %s\n", call1(SYS_ISERROR, (u64)-1) ? "yes" : "no", call1(SYS_ISERROR, 3) ? "yes" : "no");

    u8 features[5] = {0};
    file = open(":semihosting-features", READ);
    call3(SYS_READ, (u64)file, features, 5);
    print("features %c%c%c%c %x\n", features[0], features[1], features[2], features[3], features[4]);
    call1(SYS_CLOSE, (u64)file);
    long out = open(":tt", WRITE);
    flush();
    call3(SYS_WRITE, (u64)out, "through :tt\n", 12);
    print("ticks in a second %ld\n", (long)semihost(SYS_TICKFREQ, 0));
    u64 heap[4];
    semihost(SYS_HEAPINFO, &(const u64[1]){(u64)heap});
    print("heap %s, stack %s\n", heap[0] < heap[1] ? "fine" : "empty", heap[2] == heap[1] ? "at its limit" : "elsewhere");
    char line[128];
    u64 block[2] = {(u64)line, sizeof line};
    semihost(SYS_GET_CMDLINE, block);
    print("arguments:");
    for (char *at = line; *at; at++)
        if (*at == ' ') {
            print("%s\n", at);
            break;
        }
    flush();
    semihost(SYS_EXIT_EXTENDED, (const u64[2]){0x20026, 9});
    return 1;
}
