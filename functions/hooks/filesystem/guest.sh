#!/bin/sh
# holdfast-guest: filesystem-hook
# Freezes file systems (fsfreeze(8)): writers sleep, everything written is on disk, until thawed.
# HOLDFAST_MOUNTS: mount points in order, separated by commas, or `auto`.

HOOK=filesystem

main() { hold_main "$@"; }

identity() { printf %s "$HOLDFAST_MOUNTS"; }

prepare() {
  find_protected
  if [ "$HOLDFAST_MOUNTS" = auto ]; then auto_mounts; else named_mounts; fi || return 1
  [ -n "$MOUNTS" ] || { say "there is no data file system to freeze"; return 1; }
}

# MOUNTS: every data file system, the one mounted last first: it may lie, through a loop device, on an earlier one.
auto_mounts() {
  MOUNTS=
  seen=' '
  while read -r device mount type options _; do
    freezable "$device" "$type" "$options" || continue
    protected "$device" "$mount" && continue
    case $seen in *" $device "*) continue ;; esac
    case $mount in *[!A-Za-z0-9._/-]*) say "cannot freeze a mount point named $mount"; return 1 ;; esac
    seen="$seen$device "
    MOUNTS="$mount $MOUNTS"
  done </proc/self/mounts
}

named_mounts() {
  MOUNTS=$(echo "$HOLDFAST_MOUNTS" | tr ',' ' ')
  for wanted in $MOUNTS; do
    # Of several mounts on one place the last is the one in sight.
    entry=$(while read -r device mount type options _; do
      [ "$mount" = "$wanted" ] && echo "$device $type $options"
    done </proc/self/mounts | tail -n 1)
    [ -n "$entry" ] || { say "$wanted is not a mount point"; return 1; }
    # shellcheck disable=SC2086 # three words
    freezable $entry || { say "$wanted is not a writable file system that can be frozen ($entry)"; return 1; }
    protected "${entry%% *}" "$wanted" && { say "$wanted is never frozen: the system or its agent would hang"; return 1; }
  done
  return 0
}

# freezable DEVICE TYPE OPTIONS
freezable() {
  case $1 in /dev/*) ;; *) return 1 ;; esac
  case $2 in ext[234] | xfs | btrfs) ;; *) return 1 ;; esac
  case $3 in rw | rw,*) return 0 ;; *) return 1 ;; esac
}

# What the system, the agent, and the timer itself need: by device, for one file system may be mounted in many places.
find_protected() {
  PROTECTED=' '
  for path in / /boot /boot/efi /etc /usr /var /var/lib /var/log /var/tmp /run /tmp /root /snap \
    /var/lib/amazon /var/log/amazon /etc/amazon /snap/amazon-ssm-agent /var/snap/amazon-ssm-agent \
    "$STATE" "$SCRIPT" "$(command -v sh)" "$(command -v fsfreeze)" "$(command -v sleep)"; do
    [ -e "$path" ] || continue
    PROTECTED="$PROTECTED$(df -P "$path" | tail -n 1 | cut -d ' ' -f 1) $(stat -c %d "$path") "
  done
}

# protected DEVICE MOUNT
protected() {
  case $PROTECTED in *" $1 "* | *" $(stat -c %d "$2") "*) return 0 ;; *) return 1 ;; esac
}

hold_still() {
  # Written out beforehand, so that the freeze itself is short.
  for mount in $MOUNTS; do sync -f "$mount" || return 1; done
  frozen=
  for mount in $MOUNTS; do
    record "$frozen $mount"
    work fsfreeze -f "$mount" || {
      # Exit code 1 is fsfreeze's own "not frozen" (by us: someone else may hold it). Killed, it may have frozen all the same.
      [ "$(cat "$RUN_DIR/status" 2>/dev/null)" = 1 ] && record "$frozen"
      return 1
    }
    frozen="$frozen $mount"
  done
  echo "frozen:$frozen"
}

record() { echo "$1" >"$RUN_DIR/frozen.new" && mv -f "$RUN_DIR/frozen.new" "$RUN_DIR/frozen"; }

# Thaws also while a freeze is under way: others may be frozen already. EINVAL is "not frozen".
let_go() {
  left=0
  # shellcheck disable=SC2013 # words: all on one line
  for mount in $(cat "$RUN_DIR/frozen" 2>/dev/null); do
    answer=$(fsfreeze -u "$mount" 2>&1) && continue
    case $answer in
      *'Invalid argument'* | *'No such file or directory'*) ;;
      *) say "$answer"; left=1 ;;
    esac
  done
  return $left
}
