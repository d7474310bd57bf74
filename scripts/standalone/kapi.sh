#!/bin/sh
# Runs kapi from the directory of this file, with the loader and the libraries in it.
self=$0
[ -L "$self" ] && self=$(readlink -f "$self")
here=${self%/*}
# A preloaded library of the image would be loaded into another libc.
unset LD_PRELOAD
exec "$here/ld.so" --library-path "$here/lib" "$here/program" "$@"
