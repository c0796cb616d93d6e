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

# What the system, the agent, and the timer itself need: by device, for one file system may be mounted in many places. Whoever writes to a log of
# audit(8) or journald(8) waits while these do: with audit, every process that makes another.
find_protected() {
  PROTECTED=' '
  for path in / /boot /boot/efi /etc /usr /var /var/lib /var/log /var/log/audit /var/log/journal /var/tmp /run /tmp /root /snap \
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

# freeze MOUNT...: in this order. `frozen` has a word for each, the process id of its anchor and the mount, before it is frozen.
freeze() {
  # Written out beforehand, and anchors cast, so that the freeze itself is short.
  for mount in "$@"; do flush "$mount" || return 1; done
  anchored=
  for mount in "$@"; do
    anchor=$(cast_anchor "$mount") || { say "$mount cannot be held on to, or there is no room for the state in $RUN_DIR"; return 1; }
    anchored="$anchored $anchor:$mount"
  done
  frozen=
  for held in $anchored; do
    record "$frozen $held" || { say "no room for the state in $RUN_DIR"; return 1; }
    work fsfreeze -f "${held#*:}" || {
      # Exit code 1 is fsfreeze's own "not frozen" (by us: someone else may hold it). Killed, it may have frozen all the same.
      [ "$(cat "$RUN_DIR/status" 2>/dev/null)" = 1 ] && weigh_anchor "${held%%:*}" && record "$frozen"
      return 1
    }
    frozen="$frozen $held"
  done
  echo "frozen: $*"
}

record() { { echo "$1" >"$RUN_DIR/frozen.new"; } 2>/dev/null && mv -f "$RUN_DIR/frozen.new" "$RUN_DIR/frozen"; }

# Thaws what `freeze` froze, also while a freeze is under way: others may be frozen already. EINVAL is "not frozen": when we
# have not thawed it, somebody else has.
thaw() {
  left=0
  once "$RUN_DIR/thawing" "$1" && first=yes || first=no
  # shellcheck disable=SC2013 # words: all on one line
  for held in $(cat "$RUN_DIR/frozen" 2>/dev/null); do
    answer=$(thaw_one "$held" 2>&1) && continue
    case $answer in
      *'Invalid argument'* | *'No such file or directory'*) [ "$first" = no ] || lost "${held#*:} was not frozen any more" ;;
      *) say "$answer"; left=1 ;;
    esac
  done
  [ "$1$left" != idle0 ] || weigh_all
  return $left
}

# Anchors: a process that stands in each file system while it is frozen. Nobody unmounts it meanwhile (a file system that is unmounted frozen is
# still frozen when it is mounted again), and it is thawed there, whatever has been mounted in its place. Should all else have failed, the
# anchor itself thaws, soon after the deadline: for that it needs no path, no state, and no new process.

# thaw_one ANCHOR:MOUNT
thaw_one() {
  { holds_ground "${1%%:*}" && fsfreeze -u "/proc/${1%%:*}/cwd" 2>/dev/null; } || fsfreeze -u "${1#*:}"
}

# cast_anchor MOUNT: prints the process id of its anchor, which is a line of `anchors`, too.
cast_anchor() {
  rm -f "$RUN_DIR/anchored"
  setsid sh "$SCRIPT" anchor "$1" </dev/null >/dev/null 2>&1 &
  waited=0
  until cat "$RUN_DIR/anchored" 2>/dev/null; do
    ! over && [ "$waited" -lt 250 ] || return 1
    waited=$((waited + 1))
    sleep 0.02
  done
}

# What cast_anchor starts. It is told to end by KILL; TERM is a machine that shuts down.
keep_anchor() {
  exec 7>"$RUN_DIR/anchor-$$"
  flock -n 7 || exit 1
  shelter
  trap '' HUP INT
  trap 'exec fsfreeze -u .' TERM
  cd "$1" && echo "$$" >>"$RUN_DIR/anchors" || exit 1
  over && exit 0 # Whoever ended the hold may have looked for anchors before there was this one.
  (cd / && exec sleep $(($(remaining_seconds) + 5))) &
  once "$RUN_DIR/anchored" "$$" || exit 1
  wait
  exec fsfreeze -u .
}

# holds_ground ANCHOR: it lives, and no other process goes by its number.
holds_ground() { [ -e "$RUN_DIR/anchor-$1" ] && ! flock -n "$RUN_DIR/anchor-$1" true; }

# weigh_anchor ANCHOR: ends it, so that the file system can be unmounted again, and be frozen by somebody else.
weigh_anchor() {
  waited=0
  while holds_ground "$1" && [ "$waited" -lt 50 ]; do
    kill -KILL "-$1"
    waited=$((waited + 1))
    sleep 0.02
  done
}

weigh_all() {
  # shellcheck disable=SC2013 # words
  for anchor in $(cat "$RUN_DIR/anchors" 2>/dev/null); do weigh_anchor "$anchor"; done
}
