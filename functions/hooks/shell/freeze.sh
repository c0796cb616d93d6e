# Freezing file systems (fsfreeze(8)): writers sleep, everything written is on disk, until thawed.

# mount_entry MOUNT: prints its device, type and options. Of several mounts on one place the last is the one in sight.
mount_entry() {
  while read -r device mount type options _; do
    [ "$mount" = "$1" ] && echo "$device $type $options"
  done </proc/self/mounts | tail -n 1
}

# may_freeze MOUNT: 0, or 1 and says why not. After find_protected.
may_freeze() {
  entry=$(mount_entry "$1")
  [ -n "$entry" ] || { say "$1 is not a mount point"; return 1; }
  # shellcheck disable=SC2086 # three words
  freezable $entry || { say "$1 is not a writable file system that can be frozen ($entry)"; return 1; }
  protected "${entry%% *}" "$1" && { say "$1 is never frozen: the system or its agent would hang"; return 1; }
  return 0
}

# freezable DEVICE TYPE OPTIONS
freezable() {
  case $1 in /dev/*) ;; *) return 1 ;; esac
  case $2 in ext[234] | xfs | btrfs) ;; *) return 1 ;; esac
  case $3, in *,emergency_ro,*) return 1 ;; rw,*) return 0 ;; *) return 1 ;; esac
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

# freeze MOUNT...: in this order.
freeze() {
  # Written out beforehand, so that the freeze itself is short.
  for mount in "$@"; do sync -f "$mount" || return 1; done
  frozen=
  for mount in "$@"; do
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

# Thaws what `freeze` froze, also while a freeze is under way: others may be frozen already. EINVAL is "not frozen": when we
# have not thawed it, somebody else has.
thaw() {
  left=0
  once "$RUN_DIR/thawing" "$1" && first=yes || first=no
  # shellcheck disable=SC2013 # words: all on one line
  for mount in $(cat "$RUN_DIR/frozen" 2>/dev/null); do
    answer=$(fsfreeze -u "$mount" 2>&1) && continue
    case $answer in
      *'Invalid argument'* | *'No such file or directory'*) [ "$first" = no ] || lost "$mount was not frozen any more" ;;
      *) say "$answer"; left=1 ;;
    esac
  done
  return $left
}
