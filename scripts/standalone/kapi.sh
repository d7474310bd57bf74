#!/bin/sh
# Runs kapi from the directory of this file, with the Node and the libraries in it.
self=$0
[ -L "$self" ] && self=$(readlink -f "$self")
here=${self%/*}
# A preloaded library of the image would be loaded into another libc.
unset LD_PRELOAD
# As in launcher.sh.
GLIBC_TUNABLES=@TUNABLES@${GLIBC_TUNABLES:+:$GLIBC_TUNABLES}
export GLIBC_TUNABLES
exec "$here/ld.so" --library-path "$here/lib" "$here/node" "$here/kapi.js" "$@"
