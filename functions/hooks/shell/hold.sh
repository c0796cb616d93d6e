# The protocol that every hook speaks. The hook's own guest.sh gives HOOK and the functions
#   identity         prints what tells this hook from another of its kind on the same guest (its parameters)
#   prepare          0 when the hook can run. It only looks: `doctor` asks it too
#   shorten_hold     (may be left out) does beforehand, under the timer, what would make the hold longer; it holds nothing
#   hold_still       0 when everything is held; each step that may hold something goes through `work`
#   let_go idle|busy 0 when nothing is held; `busy`: some `work` is still under way. Where it finds that what was held is held
#                    no more, it says so with `lost`
#   examine          (may be left out) 0 when nothing speaks against a hold that `prepare` would not notice; for `doctor`
# State of a run, in a directory of its own. It lies on a tmpfs, so a reboot forgets it.
#   clock            the wall's epoch ms and the uptime at which this run was first heard of (see now_ms)
#   until, since     epoch ms; `since` is there once everything is held
#   ender            who ended the hold ("release", "timer" or "none") and when it began to. The first one wins, and nothing
#                    may begin to hold after it: a release also stops a quiesce that is under way or not delivered yet
#   note             one line about the hold, for the report
#   lost             there when the hold ended before anybody ended it: its release proves nothing
#   outcome          the report of that release, given again to whoever asks again
#   armed, busy      locked by the timer while it lives, and by whoever holds still or lets go
# Locks are flock(2)'s, which end with their process, however it ends.

hold_main() {
  set -uf
  umask 077
  export LC_ALL=C PATH="${PATH:+$PATH:}/usr/sbin:/usr/bin:/sbin:/bin"
  case $0 in /*) SCRIPT=$0 ;; *) SCRIPT=$PWD/$0 ;; esac
  cd / || exit 1
  [ "${1-}" != overdue ] || persist
  RUN=$HOLDFAST_RUN
  DEADLINE_SECONDS=$HOLDFAST_DEADLINE_SECONDS
  case $RUN in '' | *[!A-Za-z0-9-]*) die 2 "not a run: $RUN" ;; esac
  case $DEADLINE_SECONDS in '' | 0* | *[!0-9]*) die 2 "not a number of seconds: $DEADLINE_SECONDS" ;; esac
  STATE=${HOLDFAST_STATE_DIR:-/run/holdfast}/$HOOK-$(identity | cksum | cut -d ' ' -f 1)
  ACTION=${1:-$HOLDFAST_ACTION}
  find_room || die 1 "no room for the state in $STATE"
  once "$RUN_DIR/clock" "$(wall_ms) $(uptime_ms)" || [ -e "$RUN_DIR/clock" ] || die 1 "no room for the state in $RUN_DIR"
  case $ACTION in
    quiesce) quiesce ;;
    release) release ;;
    check) check ;;
    doctor) doctor ;;
    timer) timer ;;
    overdue) let_go_at_last ;;
    session) keep_session "$2" ;;
    anchor) keep_anchor "$2" ;;
    *) die 2 "not an action: $ACTION" ;;
  esac
}

# RUN_DIR: the run's. Whoever only looks gets a new one, which no run can have: a hold may stand under any name that it is given.
find_room() {
  RUN_DIR=$STATE/$RUN
  if [ "$ACTION" != doctor ]; then
    mkdir -p "$RUN_DIR"
    return
  fi
  mkdir -p "$STATE" && RUN_DIR=$(mktemp -d "$STATE/doctor.XXXXXX") && trap 'rm -rf "$RUN_DIR"' EXIT
}

quiesce() {
  forget_old_runs
  over && die 1 "run $RUN is already over on this guest: it will not be held still again"
  take
  if prepare && arm && do_beforehand && hold_still && once "$RUN_DIR/since" "$(now_ms)" && ! over; then
    report_quiesced
    exit 0
  fi
  over && say "it was ended while being held still ($(cat "$RUN_DIR/ender"))"
  end_hold none || die 1 "it could not be undone yet, the timer goes on trying"
  die 1 "the hold was undone"
}

do_beforehand() { ! command -v shorten_hold >/dev/null || shorten_hold; }

# Becomes the holder, or answers for the hold that is there.
take() {
  attempts=0
  until once "$STATE/holder" "$RUN"; do
    holder=$(cat "$STATE/holder" 2>/dev/null)
    [ "$holder" = "$RUN" ] && await_twin
    [ -z "$holder" ] || die 75 "held by run $holder: release that first"
    attempts=$((attempts + 1))
    [ "$attempts" -lt 50 ] || die 1 "no room for the state in $STATE"
    sleep 0.1
  done
}

# Another copy of this very command was here first (a lost reply, sent again): its answer is ours.
await_twin() {
  waited=0
  while [ "$waited" -lt "${DEADLINE_SECONDS}0" ]; do
    over && die 1 "run $RUN is already over on this guest"
    [ -e "$RUN_DIR/since" ] && report_quiesced && exit 0
    waited=$((waited + 1))
    sleep 0.1
  done
  die 1 "another quiesce of run $RUN is not done yet"
}

# Starts the timer and proves that it lives: a process of its own session, that holds no pipe of ours and needs no file that
# could be frozen, so that it outlives this script, its process group and the agent.
arm() {
  once "$RUN_DIR/until" $(($(now_ms) + DEADLINE_SECONDS * 1000)) || return 1
  setsid sh "$SCRIPT" timer </dev/null >/dev/null 2>&1 &
  waited=0
  while [ "$waited" -lt 250 ]; do
    [ -e "$RUN_DIR/timer" ] && armed && return 0
    waited=$((waited + 1))
    sleep 0.02
  done
  say "the timer could not be armed"
  return 1
}

timer() {
  exec 7>"$RUN_DIR/armed"
  flock -n 7 || exit 0
  trap '' HUP INT
  shelter
  sleep "$DEADLINE_SECONDS" 7>&- &
  once "$RUN_DIR/timer" "$$"
  wait
  persist
  let_go_at_last
}

let_go_at_last() {
  end_hold timer
  trap - EXIT
}

# A shell that cannot make a process ends (an application that is held may have used them up: its clients queue). It can still become another.
persist() { trap 'exec sh "$SCRIPT" overdue' EXIT; }

# A full page cache over a frozen file system invites the out-of-memory killer, and an agent packaged as a snap is stopped with
# its whole control group. Both as far as the system allows.
shelter() {
  { echo -1000 >/proc/self/oom_score_adj; } 2>/dev/null
  [ -d /run/systemd/system ] || return 0
  for procs in /sys/fs/cgroup/cgroup.procs /sys/fs/cgroup/systemd/cgroup.procs; do
    { echo "$$" >"$procs"; } 2>/dev/null
  done
}

armed() { ! flock -n "$RUN_DIR/armed" true; }

disarm() {
  [ -e "$RUN_DIR/timer" ] && armed && kill -TERM "-$(cat "$RUN_DIR/timer")"
}

# Runs one step that may hold something, unless the hold is over: 0 when it succeeded, 1 when it failed, 2 when somebody ended
# the hold meanwhile (whoever did waits for the step). Its output goes to a file: a step that hangs must not keep our pipes open.
work() {
  rm -f "$RUN_DIR/status"
  (
    flock 8
    over && exit
    "$@"
    once "$RUN_DIR/status" "$?"
  ) </dev/null >"$RUN_DIR/said" 2>&1 8>"$RUN_DIR/busy" &
  step=$!
  # Killed, or without room, it ends and does not tell how.
  while [ ! -e "$RUN_DIR/status" ] && kill -0 "$step" 2>/dev/null; do
    over && return 2
    sleep 0.01
  done
  head -c 4000 "$RUN_DIR/said" >&2
  status=$(cat "$RUN_DIR/status" 2>/dev/null)
  [ "$status" = 0 ] && return 0
  say "$1 ended with ${status:-no word of how}"
  return 1
}

release() {
  end_hold release || die 1 "still held, the timer goes on trying"
  cat "$RUN_DIR/outcome"
}

# end_hold release|timer|none: lets go, publishes the outcome, and ends the timer. The timer itself never gives up.
end_hold() {
  patience=150
  while :; do
    once "$RUN_DIR/ender" "$1 $(now_ms)" # Without room for it nobody hears of the end, but what is held is let go all the same.
    let_go_once
    case $? in
      0) break ;;
      1) [ "$1" = timer ] || return 1; sleep 5 ;;
      *) [ "$1" = timer ] || [ "$patience" -gt 0 ] || return 1; sleep 0.1 ;;
    esac
    patience=$((patience - 1))
  done
  [ "$1" = timer ] || disarm
  return 0
}

# 0 free, 1 letting go failed, 2 something may still be about to hold.
let_go_once() {
  (
    flock -n 8 || { let_go busy; exit 2; }
    [ -e "$RUN_DIR/outcome" ] || { let_go idle && publish; } || exit 1
    [ "$(cat "$STATE/holder" 2>/dev/null)" != "$RUN" ] || rm -f "$STATE/holder"
  ) 8>"$RUN_DIR/busy"
}

publish() {
  read -r by fired <"$RUN_DIR/ender" || { say "no room for the state in $RUN_DIR"; return 1; }
  since=$(cat "$RUN_DIR/since" 2>/dev/null || echo null)
  at=$(now_ms)
  [ "$by" = timer ] && at=$fired
  [ "$by" = release ] && [ -e "$RUN_DIR/lost" ] && by=lost
  [ "$since" = null ] && [ "$by" != timer ] && by=none
  once "$RUN_DIR/outcome" "holdfast {\"result\":\"released\",\"at\":$at,\"heldSince\":$since,\"by\":\"$by\"}"
}

# What is held, by whichever run; a hold that is only being taken counts from when its timer was armed.
check() {
  holder=$(cat "$STATE/holder" 2>/dev/null)
  until=$(cat "$STATE/$holder/until" 2>/dev/null)
  if [ -z "$holder" ] || [ -z "$until" ]; then
    echo 'holdfast {"result":"free"}'
    return 0
  fi
  since=$(cat "$STATE/$holder/since" 2>/dev/null || echo $((until - DEADLINE_SECONDS * 1000)))
  echo "holdfast {\"result\":\"held\",\"since\":$since,\"until\":$until,\"run\":\"$holder\"}"
}

# Tells whether a quiesce would work, and holds nothing. What is wrong goes to standard error, a sentence a line.
doctor() {
  fit=0
  for tool in flock setsid timeout mkfifo find sync; do
    command -v "$tool" >/dev/null || { say "$tool is not installed (packages util-linux, coreutils, findutils)"; fit=1; }
  done
  ! holder=$(cat "$STATE/holder" 2>/dev/null) || { say "held by run $holder: release that first"; fit=1; }
  prepare || fit=1
  if [ "$fit" -eq 0 ] && command -v examine >/dev/null; then examine || fit=1; fi
  [ "$fit" -eq 0 ] || exit 1
  echo 'holdfast {"result":"fit"}'
}

report_quiesced() {
  said=$(cat "$RUN_DIR/note" 2>/dev/null) && said=",\"note\":\"$said\""
  until=$(cat "$RUN_DIR/until")
  armed_at=$((until - DEADLINE_SECONDS * 1000))
  echo "holdfast {\"result\":\"quiesced\",\"armedAt\":$armed_at,\"at\":$(cat "$RUN_DIR/since"),\"until\":$until$said}"
}

# note TEXT: what the report shall tell of the hold; anything that could end a JSON string is left out.
note() { printf '%s' "$*" | tr -cd 'A-Za-z0-9 .,:;()/_+=-' | cut -c 1-300 >"$RUN_DIR/note"; }

lost() {
  echo "$*" >"$RUN_DIR/lost"
  say "$*"
}

over() { [ -e "$RUN_DIR/ender" ]; }

# ended_by WHO: release, timer or none
ended_by() { read -r who _ <"$RUN_DIR/ender" && [ "$who" = "$1" ]; }

# Never the holder, however old the clock makes it: its timer needs to know what to let go of.
forget_old_runs() {
  find "$STATE" -mindepth 1 -maxdepth 1 -type d ! -name "$RUN" ! -name "$(cat "$STATE/holder" 2>/dev/null)" \
    -mtime +7 -exec rm -rf {} +
}

# once FILE TEXT: creates the file with its text in one step; fails when it is there.
once() {
  printf '%s\n' "$2" >"$1.$$" && ln "$1.$$" "$1" 2>/dev/null
  set -- "$1" $?
  rm -f "$1.$$"
  return "$2"
}

# The run's own clock, epoch ms: the wall's time when the run was first heard of, and from then on the uptime. So a clock that is set
# meanwhile neither lengthens nor shortens a hold, nor the time that it seems to have lasted.
now_ms() {
  read -r wall_then uptime_then <"$RUN_DIR/clock"
  echo $((wall_then + $(uptime_ms) - uptime_then))
}

# proc(5): seconds since boot, with two decimals; nobody can set it.
uptime_ms() {
  read -r up _ </proc/uptime
  echo "${up%.*}${up#*.}0"
}

# Busybox may know seconds only.
wall_ms() {
  wall=$(date +%s%3N)
  case $wall in *[!0-9]*) wall=$(date +%s)000 ;; esac
  echo "$wall"
}

say() { echo "holdfast: $*" >&2; }

die() {
  code=$1
  shift
  say "$*"
  exit "$code"
}
