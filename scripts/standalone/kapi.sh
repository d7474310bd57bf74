#!/bin/sh
# Runs kapi from the directory of this file, with the loader and the libraries in it.
self=$0
[ -L "$self" ] && self=$(readlink -f "$self")
here=${self%/*}
# A preloaded library of the image would be loaded into another libc.
unset LD_PRELOAD
# See launcher.sh.
export BUN_JSC_useWarmUpMarkedBlocks=0 MIMALLOC_PURGE_DELAY=0 MIMALLOC_PURGE_HOLES=0
exec "$here/ld.so" --library-path "$here/lib" "$here/program" "$@"
