#!/bin/sh
# kapi from the directory this file lies in, with the Node and the libraries beside it.
self=$0
[ -L "$self" ] && self=$(readlink -f "$self")
here=${self%/*}
# A library meant for the programs of the image would be loaded into a foreign libc.
unset LD_PRELOAD
exec "$here/ld.so" --library-path "$here/lib" "$here/node" "$here/kapi.js" "$@"
