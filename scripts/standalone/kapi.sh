#!/bin/sh
# kapi from the directory this file lies in, with the Node and the libraries beside it.
self=$0
[ -L "$self" ] && self=$(readlink -f "$self")
here=${self%/*}
# A library meant for the programs of the image would be loaded into a foreign libc.
unset LD_PRELOAD
# As in launcher.sh.
GLIBC_TUNABLES=@TUNABLES@${GLIBC_TUNABLES:+:$GLIBC_TUNABLES}
export GLIBC_TUNABLES
exec "$here/ld.so" --library-path "$here/lib" "$here/node" "$here/kapi.js" "$@"
