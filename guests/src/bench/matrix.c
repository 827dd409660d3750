/*
 * Product of two 96 x 96 matrices of doubles, a row of the result at a time. FORM says how a term is added: a
 * multiplication and an addition, FMADD (FUSED), or FMLA on two lanes (NEON).
 */
#include "workload.h"
#ifdef NEON
#include <arm_neon.h>
#endif

enum { ORDER = 96 };

static double a[ORDER][ORDER], b[ORDER][ORDER], c[ORDER][ORDER];

static void add_row(double *to, const double *row, double factor) {
#ifdef NEON
    float64x2_t factors = vdupq_n_f64(factor);
    for (int j = 0; j < ORDER; j += 4) {
        float64x2_t low = vfmaq_f64(vld1q_f64(to + j), factors, vld1q_f64(row + j));
        float64x2_t high = vfmaq_f64(vld1q_f64(to + j + 2), factors, vld1q_f64(row + j + 2));
        vst1q_f64(to + j, low);
        vst1q_f64(to + j + 2, high);
    }
#else
    for (int j = 0; j < ORDER; j++) {
#ifdef FUSED
        to[j] = __builtin_fma(factor, row[j], to[j]);
#else
        to[j] += factor * row[j];
#endif
    }
#endif
}

static u64 bits_of(double number) {
    union {
        double number;
        u64 bits;
    } view = {number};
    return view.bits;
}

u64 workload(u64 size) {
    u64 seed = ORDER, checksum = CHECKSUM_START;
    for (int i = 0; i < ORDER; i++) {
        for (int j = 0; j < ORDER; j++) {
            a[i][j] = (double)(int32_t)next_random(&seed) / 65536.0;
            b[i][j] = 1.0 / (1.0 + next_random(&seed));
        }
    }
    for (u64 pass = 0; pass < size; pass++) {
        a[0][0] += 1.0;
        for (int i = 0; i < ORDER; i++) {
            for (int j = 0; j < ORDER; j++) c[i][j] = 0;
            for (int k = 0; k < ORDER; k++) add_row(c[i], b[k], a[i][k]);
        }
        for (int i = 0; i < ORDER; i++) checksum = mixed(checksum, bits_of(c[i][i]));
    }
    return checksum;
}
