/* The C library's own machinery: allocation, formatting, sorting, mathematics, streams. */
#define _GNU_SOURCE
#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WORDS = 200 };

static int by_text(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sort_words(void) {
    char *words[WORDS];
    for (int i = 0; i < WORDS; i++)
        if (asprintf(&words[i], "%08x", (unsigned)i * 2654435761u) < 0) exit(1);
    qsort(words, WORDS, sizeof *words, by_text);
    for (int i = 0; i < WORDS; i += 40) puts(words[i]);
    for (int i = 0; i < WORDS; i++) free(words[i]);
}

static void grow_a_block(void) {
    const size_t small = 5 << 20;
    char *block = malloc(small);
    memset(block, 'x', small);
    block = realloc(block, 4 * small); /* mremap */
    printf("%c%c\n", block[0], block[small - 1]);
    free(block);
}

static void format_numbers(void) {
    printf("%.17g %.10e %a %5.2f\n", M_PI, exp(1), sin(1.0), -2.5);
    printf("%g %g %d\n", strtod("1e-310", NULL), pow(2, 0.5), (int)strtol("0x7fff", NULL, 0));
    printf("%s\n", strerror(ENOENT));
    time_t year = 365 * 86400;
    char text[64];
    strftime(text, sizeof text, "%A %Y-%m-%d %H:%M:%S", gmtime(&year));
    puts(text);
}

static void read_a_file(const char *path) {
    FILE *file = fopen(path, "r");
    if (!file) exit(2);
    char line[200];
    size_t lines = 0, bytes = 0;
    while (fgets(line, sizeof line, file)) {
        lines++;
        bytes += strlen(line);
    }
    rewind(file);
    fseek(file, -10, SEEK_END);
    printf("%zu lines, %zu bytes, end %ld\n", lines, bytes, ftell(file) + 10);
    fclose(file);
    printf("opening what is not there: %s\n", fopen("no/such/file", "r") ? "yes" : strerror(errno));
}

int main(int argc, char **argv) {
    setlocale(LC_ALL, "");
    sort_words();
    grow_a_block();
    format_numbers();
    read_a_file(argv[1]);
    printf("%d arguments, GREETING=%s\n", argc - 1, getenv("GREETING"));
    return 3;
}
