// What cannot be true stops the process, in release builds too.
#pragma once

#include <cstdio>
#include <cstdlib>

#define PLEIADE_CHECK(condition)                                                                     \
    do {                                                                                             \
        if (!(condition)) [[unlikely]] {                                                             \
            std::fprintf(stderr, "%s:%d: cannot be: %s is false\n", __FILE__, __LINE__, #condition); \
            std::abort();                                                                            \
        }                                                                                            \
    } while (false)
