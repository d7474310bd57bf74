#!/bin/sh
# Runs kapi from the directory of this file, with the loader and the libraries in it.
self=$0
[ -L "$self" ] && self=$(readlink -f "$self")
here=${self%/*}
# A preloaded library of the image would be loaded into another libc.
unset LD_PRELOAD
# See launcher.sh for these settings and for the deleted directory.
export BUN_JSC_useWarmUpMarkedBlocks=0 BUN_JSC_forceRAMSize=67108864 MIMALLOC_PURGE_DELAY=-1
if [ ! -e "$PWD" ] && case $(readlink /proc/self/cwd 2>/dev/null) in *' (deleted)') ;; *) false ;; esac; then
  printf 'error: the working directory was deleted\nhint: change to another directory\n' >&2
  exit 3
fi
exec "$here/ld.so" --library-path "$here/lib" "$here/program" "$@"
