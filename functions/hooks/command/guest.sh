#!/bin/sh
# holdfast-guest: command-hook
# Runs the owner's scripts: HOLDFAST_QUIESCE_SCRIPT holds the application still, HOLDFAST_RELEASE_SCRIPT lets it go. Both get
# HOLDFAST_RUN. The release script runs whenever the quiesce script may have run, also after it failed, and must bear being run again.

HOOK='command'

main() { hold_main "$@"; }

identity() { printf '%s %s' "$HOLDFAST_QUIESCE_SCRIPT" "$HOLDFAST_RELEASE_SCRIPT"; }

prepare() { trusted_script "$HOLDFAST_QUIESCE_SCRIPT" && trusted_script "$HOLDFAST_RELEASE_SCRIPT"; }

examine() { understood_script "$HOLDFAST_QUIESCE_SCRIPT" && understood_script "$HOLDFAST_RELEASE_SCRIPT"; }

hold_still() {
  echo >"$RUN_DIR/touched" || return 1
  leave_mark || say "$(mark) cannot be written: should this machine reboot meanwhile, no release script will run"
  work run_bounded quiescing "$HOLDFAST_QUIESCE_SCRIPT" "$(remaining_seconds)" && return 0
  [ -e "$RUN_DIR/status" ] || say "stopping $HOLDFAST_QUIESCE_SCRIPT"
  return 1
}

# What a script has done may outlive a reboot, which forgets the state. So the run that may hold is named on disk, too.
mark() { echo "${HOLDFAST_LASTING_DIR:-/var/lib/holdfast}/${STATE##*/}"; }

leave_mark() { mkdir -p "$(dirname "$(mark)")" && echo "$RUN" >"$(mark)" && sync "$(mark)"; } 2>/dev/null

may_have_run() { [ -e "$RUN_DIR/touched" ] || [ "$(cat "$(mark)" 2>/dev/null)" = "$RUN" ]; }

# run_bounded NAME SCRIPT SECONDS: the script's exit code, or 124. While it runs, the file NAME has its process. Processes that the
# script leaves behind may keep its output open, and must keep neither our locks (fds 7 and 8) nor us: a reader of its own takes the
# output, and drops what is too much. Nor do they get what the timer needs for itself: files that root alone may read, and no fear of the
# out-of-memory killer.
run_bounded() {
  rm -f "$RUN_DIR/pipe"
  mkfifo "$RUN_DIR/pipe" || return 1
  { head -c 4000; cat >/dev/null 2>&1; } <"$RUN_DIR/pipe" 8>&- &
  # shellcheck disable=SC2016 # for the inner shell
  timeout -k 5 "$3" sh -c '
    umask 022
    { echo 0 >/proc/self/oom_score_adj; } 2>/dev/null
    exec "$0" 7>&- 8>&-
  ' "$2" >"$RUN_DIR/pipe" 2>&1 &
  timed=$!
  echo "$timed" >"$RUN_DIR/$1"
  wait "$timed"
  set -- "$1" $?
  rm -f "$RUN_DIR/$1"
  sleep 0.05 # for the reader, so that its last words are not lost
  return "$2"
}

# let_go idle|busy: a quiesce script under way is stopped first; `timeout` passes the signal on, and kills 5 s later. A release script
# under way, which somebody else has begun, runs to its end.
let_go() {
  may_have_run || return 0
  if [ "$1" = busy ]; then
    quiescing=$(cat "$RUN_DIR/quiescing" 2>/dev/null) && kill -TERM "$quiescing" 2>/dev/null
    return 0
  fi
  trusted_script "$HOLDFAST_RELEASE_SCRIPT" || return 1
  run_bounded releasing "$HOLDFAST_RELEASE_SCRIPT" "$DEADLINE_SECONDS" >"$RUN_DIR/said" 2>&1
  status=$?
  head -c 4000 "$RUN_DIR/said" >&2
  [ "$status" -eq 0 ] || { say "$HOLDFAST_RELEASE_SCRIPT ended with $status"; return 1; }
  rm -f "$(mark)"
}
