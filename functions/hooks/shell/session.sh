# A client's session, which holds locks of a server that end with it. The hook gives
#   client       becomes the client, which takes statements from its standard input
# The session is a process group of its own: the client, and a `sleep` that keeps the other end of the client's input until the
# deadline. When either ends, however it does, the client ends and the server lets go; nothing has to be alive for that.
# In the run's directory: `statements` (a fifo), `answers` and `remarks` (what the client says), `session` (locked by both while
# they live), `session-leader` (the process group), `session-open` (the client's end of the fifo is open), `session-ended` (the
# client's exit code).

# open_session SECONDS: 0 when there is a client that listens. It may still be connecting, or fail to.
open_session() {
  mkfifo "$RUN_DIR/statements" || return 1
  setsid sh "$SCRIPT" session "$1" </dev/null >/dev/null 2>&1 8>&- &
  waited=0
  # Not earlier: what is written into a fifo that nobody else has open is gone.
  while [ ! -e "$RUN_DIR/session-open" ]; do
    ! over && [ "$waited" -lt 250 ] || return 1
    waited=$((waited + 1))
    sleep 0.02
  done
}

# What open_session starts. It waits for its client to open the fifo, and becomes the sleep.
keep_session() {
  exec 7>"$RUN_DIR/session"
  flock -n 7 || exit 0
  trap '' HUP INT
  shelter
  once "$RUN_DIR/session-leader" "$$" || exit 1 # Nobody could end it.
  over && exit 0 # Whoever ended the hold may have looked for a leader before there was one.
  {
    once "$RUN_DIR/session-open" "$(now_ms)"
    (client)
    once "$RUN_DIR/session-ended" "$?"
  } <"$RUN_DIR/statements" >"$RUN_DIR/answers" 2>"$RUN_DIR/remarks" &
  exec sleep "$1" >"$RUN_DIR/statements"
}

session_alive() { [ -e "$RUN_DIR/session-leader" ] && [ ! -e "$RUN_DIR/session-ended" ] && ! flock -n "$RUN_DIR/session" true; }

# tell LINE...: hands statements to the client. Opened for reading too, a fifo never blocks and never breaks.
tell() { printf '%s\n' "$@" 1<>"$RUN_DIR/statements"; }

# heard LINE SECONDS: 0 once the client has said just that, 1 when it has ended or said nothing in time.
heard() {
  patience=$(($2 * 50))
  until grep -qxF -e "$1" "$RUN_DIR/answers" "$RUN_DIR/remarks" 2>/dev/null; do
    if ! session_alive || [ "$patience" -le 0 ]; then
      # Its last words may have come between the look and its end.
      grep -qxF -e "$1" "$RUN_DIR/answers" "$RUN_DIR/remarks" 2>/dev/null
      return
    fi
    patience=$((patience - 1))
    sleep 0.02
  done
}

# may_end_in_order: 0 once, for a release that finds a hold with a session. The timer has no time to talk.
may_end_in_order() {
  ended_by release && [ -e "$RUN_DIR/since" ] && [ -e "$RUN_DIR/session-leader" ] && once "$RUN_DIR/ending" "$(now_ms)"
}

# still_there STATEMENT...: 0 when the session answers them with `holdfast: holding`: then all its locks are there, for clients
# that connect anew by themselves are told not to.
still_there() {
  tell "$@"
  heard 'holdfast: holding' 5 && return 0
  lost "the session that held had ended: $(tail -n 1 "$RUN_DIR/remarks")"
  return 1
}

# session_ends SECONDS: 0 once it has ended by itself.
session_ends() {
  patience=$(($1 * 50))
  while session_alive; do
    [ "$patience" -gt 0 ] || return 1
    patience=$((patience - 1))
    sleep 0.02
  done
}

# End of the session, whatever state it is in; 1 when it cannot be ended.
end_session() {
  patience=100
  while [ -e "$RUN_DIR/session-leader" ] && ! flock -n "$RUN_DIR/session" true; do
    kill -KILL "-$(cat "$RUN_DIR/session-leader")" 2>/dev/null
    [ "$patience" -gt 0 ] || { say "the client's session cannot be ended"; return 1; }
    patience=$((patience - 1))
    sleep 0.05
  done
}

# whole seconds until the timer fires, at least 1
remaining_seconds() {
  left=$((($(cat "$RUN_DIR/until") - $(now_ms)) / 1000))
  [ "$left" -gt 1 ] || left=1
  echo "$left"
}
