// The one arithmetic that training spends its time in. OpenCV's own product of small matrices is five times slower.
#pragma once

namespace pleiade::reader::digits {

// c += a * b; row by row, without gaps: a is rows x inner, b is inner x columns, c is rows x columns.
void add_product(const float* a, const float* b, float* c, int rows, int inner, int columns);

// out = in transposed; in is rows x columns.
void transpose(const float* in, float* out, int rows, int columns);

}  // namespace pleiade::reader::digits
