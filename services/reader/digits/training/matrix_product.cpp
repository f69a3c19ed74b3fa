#include "services/reader/digits/training/matrix_product.h"

#include <cstring>

namespace pleiade::reader::digits {
namespace {

using Eight [[gnu::vector_size(32)]] = float;  // what AVX2 takes at once; the compiler splits it elsewhere
constexpr int kLanes = 8;
constexpr int kRows = 4;

// Rows x (Wide * 8) of the result, kept in registers. Always inlined into a caller that says which processor it is for,
// since a vector must not cross a call.
template <int Rows, int Wide>
[[gnu::always_inline]] inline void tile(const float* a, const float* b, float* c, int inner, int columns) {
    Eight sum[Rows][Wide];
    for (int r = 0; r < Rows; ++r) std::memcpy(sum[r], c + r * columns, sizeof sum[r]);
    for (int k = 0; k < inner; ++k) {
        Eight right[Wide];
        std::memcpy(right, b + k * columns, sizeof right);
        for (int r = 0; r < Rows; ++r) {
            for (int w = 0; w < Wide; ++w) sum[r][w] += a[r * inner + k] * right[w];
        }
    }
    for (int r = 0; r < Rows; ++r) std::memcpy(c + r * columns, sum[r], sizeof sum[r]);
}

template <int Rows>
[[gnu::always_inline]] inline void rows_of(const float* a, const float* b, float* c, int inner, int columns) {
    int j = 0;
    for (; j + 2 * kLanes <= columns; j += 2 * kLanes) tile<Rows, 2>(a, b + j, c + j, inner, columns);
    for (; j + kLanes <= columns; j += kLanes) tile<Rows, 1>(a, b + j, c + j, inner, columns);
    for (; j < columns; ++j) {
        for (int r = 0; r < Rows; ++r) {
            float sum = c[r * columns + j];
            for (int k = 0; k < inner; ++k) sum += a[r * inner + k] * b[k * columns + j];
            c[r * columns + j] = sum;
        }
    }
}

[[gnu::always_inline]] inline void product(const float* a, const float* b, float* c, int rows, int inner, int columns) {
    int r = 0;
    for (; r + kRows <= rows; r += kRows) rows_of<kRows>(a + r * inner, b, c + r * columns, inner, columns);
    for (; r < rows; ++r) rows_of<1>(a + r * inner, b, c + r * columns, inner, columns);
}

#ifdef __x86_64__
[[gnu::target("avx2,fma")]] void product_avx2(const float* a, const float* b, float* c, int rows, int inner,
                                              int columns) {
    product(a, b, c, rows, inner, columns);
}
#endif

}  // namespace

void add_product(const float* a, const float* b, float* c, int rows, int inner, int columns) {
#ifdef __x86_64__
    static const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    if (avx2) return product_avx2(a, b, c, rows, inner, columns);
#endif
    product(a, b, c, rows, inner, columns);
}

void transpose(const float* in, float* out, int rows, int columns) {
    for (int r = 0; r < rows; ++r) {
        for (int c = 0; c < columns; ++c) out[c * rows + r] = in[r * columns + c];
    }
}

}  // namespace pleiade::reader::digits
