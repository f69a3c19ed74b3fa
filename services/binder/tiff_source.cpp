#include "services/binder/tiff_source.h"

#include <algorithm>
#include <cstdio>
#include <cstring>

namespace pleiade::binder {

namespace {

TiffMemory& of(thandle_t handle) {
    return *static_cast<TiffMemory*>(handle);
}

toff_t size(thandle_t handle) {
    const auto& memory = of(handle);
    return memory.writing ? memory.output.size() : memory.input.size();
}

tmsize_t read(thandle_t handle, void* to, tmsize_t wanted) {
    auto& memory = of(handle);
    const auto total = size(handle);
    if (wanted < 0 || memory.at > total) return 0;
    const auto n = std::min<std::uint64_t>(static_cast<std::uint64_t>(wanted), total - memory.at);
    const auto* from =
        memory.writing ? reinterpret_cast<const std::uint8_t*>(memory.output.data()) : memory.input.data();
    std::memcpy(to, from + memory.at, n);
    memory.at += n;
    return static_cast<tmsize_t>(n);
}

tmsize_t write(thandle_t handle, void* from, tmsize_t n) {
    auto& memory = of(handle);
    if (!memory.writing || n < 0) return 0;
    const auto count = static_cast<std::size_t>(n);
    if (memory.output.size() < memory.at + count) memory.output.resize(memory.at + count);
    std::memcpy(memory.output.data() + memory.at, from, count);
    memory.at += count;
    return n;
}

toff_t seek(thandle_t handle, toff_t offset, int whence) {
    auto& memory = of(handle);
    if (whence == SEEK_SET) memory.at = offset;
    if (whence == SEEK_CUR) memory.at += offset;
    if (whence == SEEK_END) memory.at = size(handle) + offset;
    return memory.at;
}

int close(thandle_t) {
    return 0;
}
// Reading is always mapped: without, libtiff 4.5 refuses uncompressed tiles whose size is no multiple of 1024, because
// it compares the size of its own rounded buffer with the tile's.
int map(thandle_t handle, void** base, toff_t* size) {
    const auto& memory = of(handle);
    if (memory.writing) return 0;
    *base = const_cast<std::uint8_t*>(memory.input.data());
    *size = memory.input.size();
    return 1;
}
void unmap(thandle_t, void*, toff_t) {}
int silent(TIFF*, void*, const char*, const char*, va_list) {
    return 1;
}

}  // namespace

TiffHandle open_tiff(TiffMemory& memory) {
    TIFFOpenOptions* options = TIFFOpenOptionsAlloc();
    TIFFOpenOptionsSetErrorHandlerExtR(options, silent, nullptr);
    TIFFOpenOptionsSetWarningHandlerExtR(options, silent, nullptr);
    TiffHandle handle(TIFFClientOpenExt("memory", memory.writing ? "w" : "rh", &memory, read, write, seek, close, size,
                                        map, unmap, options));
    TIFFOpenOptionsFree(options);
    return handle;
}

}  // namespace pleiade::binder
