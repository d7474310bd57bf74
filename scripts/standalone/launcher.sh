#!/bin/sh
# kapi @VERSION@ for Linux on @MACHINE@ in one file: this script, and after its last line an archive
# with kapi and the libraries that it needs. The first run unpacks the archive, and later runs
# start kapi from there: see docs/standalone.md. Needs a POSIX sh and the tools of busybox, and no
# tools at all once kapi is unpacked.

# A preloaded library of this system would be loaded into another libc.
unset LD_PRELOAD
# Settings of Bun: no thread touches memory in advance, no thread collects free memory, and garbage
# is collected as on a machine with 64 MB. The program removes them from its environment.
# docs/decisions/015 has the figures.
export BUN_JSC_useWarmUpMarkedBlocks=0 BUN_JSC_forceRAMSize=67108864 MIMALLOC_PURGE_DELAY=-1

# Bun does not start in a directory that was deleted.
if [ ! -e "$PWD" ] && case $(readlink /proc/self/cwd 2>/dev/null) in *' (deleted)') ;; *) false ;; esac; then
  printf 'error: the working directory was deleted\nhint: change to another directory\n' >&2
  exit 3
fi

# True if this user unpacked $1. Trusts only the user's own directory, and no link to one, because
# every user can write to /tmp.
kapi_whole() {
  [ -O "$1" ] && [ ! -L "$1" ] && [ -O "$1/program" ] && [ -O "$1/ld.so" ] && [ -x "$1/ld.so" ]
}

# True if no other user can replace a directory of the path $1. Checked for root only (the owner of
# /): root must own every directory of the path. Under sudo the caller owns HOME and could rename
# what root has checked.
kapi_safe() {
  [ -O / ] || return 0
  kapi_step=$1
  while [ -n "$kapi_step" ]; do
    [ ! -e "$kapi_step" ] || [ -O "$kapi_step" ] || return 1
    [ "$kapi_step" != "${kapi_step%/*}" ] || return 0
    kapi_step=${kapi_step%/*}
  done
}

# Replaces this process by kapi if kapi is unpacked in one of the first five arguments; the sixth is
# --. Returns otherwise.
kapi_start() {
  for kapi_place in "$1" "$2" "$3" "$4" "$5"; do
    kapi_safe "$kapi_place" || continue
    for kapi_found in "${kapi_place:-/-}"/kapi-@DIGEST@.*; do
      if kapi_whole "$kapi_found"; then
        shift 6
        exec "$kapi_found/ld.so" --library-path "$kapi_found/lib" "$kapi_found/program" "$@"
      fi
    done
  done
}

# Where kapi can be unpacked: only in the directory that KAPI_STANDALONE_DIR names; otherwise in the
# cache of the user, the temporary directories, or the directory of this file.
case $0 in
  /*) kapi_own=${0%/*} ;;
  */*) kapi_own=./${0%/*} ;;
  *) kapi_own=. ;;
esac
if [ -n "$KAPI_STANDALONE_DIR" ]; then
  set -- "$KAPI_STANDALONE_DIR" '' '' '' '' -- "$@"
else
  set -- "${XDG_CACHE_HOME:-${HOME:+$HOME/.cache}}" "$TMPDIR" /tmp /dev/shm "${kapi_own:-/}" -- "$@"
fi
kapi_start "$@"

# The first run, in a subshell so that its variables do not stay in the environment.
(
  say() { printf 'kapi: %s\n' "$1" >&2; }
  # Exits with 3, kapi's exit code for something on this machine that cannot be used.
  fail() {
    printf 'error: %s\nhint: %s\n' "$1" "$2" >&2
    exit 3
  }
  payload() { tail -c +@OFFSET@ "$self"; }

  self=$kapi_own/${0##*/}
  [ -f "$self" ] && [ -r "$self" ] || fail "kapi cannot read its own file $self" 'start it by its path'
  for tool in tail gzip tar mkdir chmod mv rm ln readlink id uname; do
    command -v "$tool" >/dev/null || fail "kapi cannot unpack itself without $tool" 'the tools of busybox suffice'
  done
  machine=$(uname -m)
  [ "$machine" = @MACHINE@ ] || fail "$self is for @MACHINE@, this machine is $machine" 'take the file for this machine'

  if command -v sha256sum >/dev/null; then
    digest=$(payload | sha256sum)
    [ "${digest%% *}" = @DIGEST@ ]
  else
    say 'no sha256sum here: its own digest is not checked, only the checksum of gzip'
    payload | gzip -t 2>/dev/null
  fi || fail "$self is damaged or not complete" 'copy it again'

  uid=$(id -u)
  # Process ids are only valid within one PID namespace.
  space=$(readlink /proc/self/ns/pid)
  space=${space#*[}
  space=${space%]}
  part='' lock='' reasons=''
  clean_up() {
    [ -z "$part" ] || rm -rf "$part"
    [ -z "$lock" ] || rm -f "$lock"
    part='' lock=''
  }
  trap clean_up EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM

  # Removes files of processes that have ended. For a process of another PID namespace that cannot
  # be determined, so its files must be ten minutes old.
  sweep() {
    for old in "$1"/.kapi-*."$uid".*.part; do
      [ -O "$old" ] && [ ! -L "$old" ] || continue
      maker=${old%.part}
      maker=${maker##*."$uid".}
      if [ "${maker%.*}" = "$space" ]; then
        kill -0 "${maker##*.}" 2>/dev/null || rm -rf "$old"
      elif [ -n "$(find "$old" -prune -mmin +10 2>/dev/null)" ]; then
        rm -rf "$old"
      fi
    done
  }

  # Waits while another process unpacks the same archive in the directory $1. The lock is a link
  # whose target is a process id, because creating a link is atomic. The lock only saves work and
  # space: two processes that unpack at the same time do not harm each other.
  take_turn() {
    turns=0
    until ln -s "$$" "$1/.kapi-@DIGEST@.$uid.$space.lock" 2>/dev/null; do
      kapi_whole "$final" && return
      holder=$(readlink "$1/.kapi-@DIGEST@.$uid.$space.lock")
      if [ "$turns" -gt 300 ] || { [ -n "$holder" ] && ! kill -0 "$holder" 2>/dev/null; }; then
        rm -f "$1/.kapi-@DIGEST@.$uid.$space.lock"
      fi
      # The file system has no links, so there is no lock.
      [ "$turns" -lt 310 ] || return
      turns=$((turns + 1))
      sleep 0.1 2>/dev/null || sleep 1
    done
    lock=$1/.kapi-@DIGEST@.$uid.$space.lock
  }

  refuse() {
    reasons="$reasons
  $1: $2"
    clean_up
    return 1
  }

  # Unpacks into the directory $1, or adds to $reasons why that is not possible.
  unpack() {
    case $1 in *[:\;]*) refuse "$1" 'the loader takes no path with a colon or semicolon' || return ;; esac
    kapi_safe "$1" || refuse "$1" 'it belongs to another user, or a folder above it does' || return
    [ -d "$1" ] || { [ "$1" = "$cache" ] && (umask 077 && mkdir -p "$1") 2>/dev/null; } ||
      refuse "$1" 'there is no such folder, and it cannot be made' || return
    final=$1/kapi-@DIGEST@.$uid
    sweep "$1"
    part=$1/.kapi-@DIGEST@.$uid.$space.$$.part
    # Sets the mode explicitly: a default ACL of the directory overrides the umask.
    (umask 077 && mkdir -m 700 "$part") 2>/dev/null || { part='' && refuse "$1" 'not writable'; } || return
    # A file system can forbid execution, whatever the mode of a file is.
    printf '#!/bin/sh\n' >"$part/probe" && chmod 700 "$part/probe" && "$part/probe" ||
      refuse "$1" 'full, or nothing may be executed there' || return
    rm -f "$part/probe"
    take_turn "$1"
    if ! kapi_whole "$final"; then
      if [ -L "$final" ] || { [ -e "$final" ] && [ ! -O "$final" ]; }; then
        refuse "$1" "another user made $final" || return
      fi
      # Files are missing, for example because a cleaner of /tmp removed them.
      rm -rf "$final"
      payload | gzip -dc | tar -xof - -C "$part" || refuse "$1" 'no room for it' || return
      "$part/ld.so" --library-path "$part/lib" --verify "$part/program" || refuse "$1" 'it does not start there' || return
      # The second process moves its copy into the first one's directory, and then removes the copy.
      mv -f "$part" "$final" || refuse "$1" 'not writable' || return
      rm -rf "$final/${part##*/}"
      part=''
    fi
    clean_up
  }

  cache=$1
  for place in "$1" "$2" "$3" "$4" "$5"; do
    [ -z "$place" ] || ! unpack "$place" 2>/dev/null || exit 0
  done
  fail "kapi finds no folder to unpack itself into, with @SIZE@ MB free and execution allowed:$reasons" \
    'name one in KAPI_STANDALONE_DIR, in a pod an emptyDir'
) || exit

kapi_start "$@"
printf 'error: kapi was unpacked and is gone again\n' >&2
exit 3
