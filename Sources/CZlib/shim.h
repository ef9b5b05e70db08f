// zlib.h's initialisers are macros that Swift does not import; these call them for the gzip format,
// which zlib chooses by adding 16 to the window bits.
#ifndef INTENTBATCH_CZLIB_SHIM_H
#define INTENTBATCH_CZLIB_SHIM_H

#include <zlib.h>

static inline int czlib_deflate_init_gzip(z_stream *stream, int level) {
    return deflateInit2(stream, level, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY);
}

static inline int czlib_inflate_init_gzip(z_stream *stream) {
    return inflateInit2(stream, MAX_WBITS + 16);
}

#endif
