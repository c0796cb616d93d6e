#!/bin/sh
# holdfast-guest: filesystem-hook
# Freezes file systems (fsfreeze(8)): writers sleep, everything written is on disk, until thawed.
# HOLDFAST_MOUNTS: mount points in order, separated by commas, or `auto`; HOLDFAST_VOLUMES.

HOOK=filesystem

main() { hold_main "$@"; }

identity() { printf %s "$HOLDFAST_MOUNTS"; }

prepare() {
  find_protected
  if [ "$HOLDFAST_MOUNTS" = auto ]; then auto_mounts; else named_mounts; fi || return 1
  [ -n "$MOUNTS" ] || { say "there is no data file system to freeze"; return 1; }
}

# MOUNTS: every data file system of the set, the one mounted last first: it may lie, through a loop device, on an earlier one.
auto_mounts() {
  MOUNTS=
  seen=' '
  while read -r device mount type options _; do
    freezable "$device" "$type" "$options" || continue
    protected "$device" "$mount" && continue
    case $seen in *" $device "*) continue ;; esac
    is_taken "$device"
    [ $? -ne 1 ] || continue
    case $mount in *[!A-Za-z0-9._/-]*) say "cannot freeze a mount point named $mount"; return 1 ;; esac
    seen="$seen$device "
    MOUNTS="$mount $MOUNTS"
  done </proc/self/mounts
}

named_mounts() {
  MOUNTS=$(echo "$HOLDFAST_MOUNTS" | tr ',' ' ')
  devices=' '
  for wanted in $MOUNTS; do
    may_freeze "$wanted" || return 1
    devices="$devices$(device_of "$wanted") "
  done
  none_left_out
}

# A set of which a part goes on being written is no more consistent than that part.
none_left_out() {
  while read -r device mount type options _; do
    freezable "$device" "$type" "$options" || continue
    protected "$device" "$mount" && continue
    case $devices in *" $device "*) continue ;; esac
    is_taken "$device" || continue
    say "$mount lies on a volume of the set and is not to be frozen: name it too, or leave the mounts to auto"
    return 1
  done </proc/self/mounts
}

# shellcheck disable=SC2086 # a list of mounts
hold_still() { freeze $MOUNTS; }

let_go() { thaw "$1"; }
