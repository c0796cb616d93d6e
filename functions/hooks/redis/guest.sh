#!/bin/sh
# holdfast-guest: redis-hook
# Has a Redis or Valkey server write its data set to disk (BGSAVE) and waits until that is whole: newer than the run, and replaced by
# rename only, so that nothing has to be blocked. With an append-only file its file system is frozen too: on ext4 the end of a file
# that grows may be zeros in a copy of one instant, and no server starts from such a file.
# HOLDFAST_PORT or, other than `none`, HOLDFAST_SOCKET; HOLDFAST_PASSWORD_FILE (`none`, or readable by root alone); HOLDFAST_VOLUMES.
# https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/

HOOK=redis

main() { hold_main "$@"; }

identity() { printf '%s %s' "$HOLDFAST_PORT" "$HOLDFAST_SOCKET"; }

# client COMMAND...: prints the reply; 1 when the server cannot be asked, or answers with an error.
client() {
  if [ "$HOLDFAST_SOCKET" = none ]; then set -- -p "$HOLDFAST_PORT" "$@"; else set -- -s "$HOLDFAST_SOCKET" "$@"; fi
  REDISCLI_AUTH=$(password) timeout 10 "$(program)" -e --no-auth-warning "$@" 2>&1
}

program() { command -v redis-cli || command -v valkey-cli; }

password() { [ "$HOLDFAST_PASSWORD_FILE" = none ] || head -n 1 "$HOLDFAST_PASSWORD_FILE"; }

prepare() {
  program >/dev/null || { say 'there is neither redis-cli nor valkey-cli on this guest'; return 1; }
  [ "$HOLDFAST_PASSWORD_FILE" = none ] || roots_secret "$HOLDFAST_PASSWORD_FILE" || return 1
  answer=$(client PING)
  [ "$answer" = PONG ] || { say "the server does not answer: $answer"; return 1; }
  find_dump && all_in_set dump && enough_room && enough_time && find_mount
}

find_dump() {
  DIRECTORIES=$(setting dir) && name=$(setting dbfilename) && AOF=$(setting appendonly) && SYNC=$(setting appendfsync) && {
    DUMP=$DIRECTORIES/$name
    return 0
  }
  say 'the server does not tell its settings (CONFIG GET), so nobody knows where it saves'
  return 1
}

# MOUNT: what has to be frozen; empty when nothing has.
find_mount() {
  MOUNT=
  [ "$AOF" = yes ] || return 0
  find_protected
  MOUNT=$(mount_of "$DIRECTORIES")
  case $MOUNT in *[!A-Za-z0-9._/-]*) say "cannot freeze a mount point named $MOUNT"; return 1 ;; esac
  may_freeze "$MOUNT"
}

# setting NAME: prints its value.
setting() { reply=$(client CONFIG GET "$1") && [ -n "$reply" ] && printf '%s\n' "$reply" | tail -n 1; }

# info SECTION NAME: prints the value of a field, or nothing.
info() { client INFO "$1" | tr -d '\r' | sed -n "s/^$2://p"; }

# A failed save would make the server refuse writes (stop-writes-on-bgsave-error). A dump is hardly ever larger than the data in memory.
enough_room() {
  needed=$(info memory used_memory)
  free=$(($(df -P -k "$DIRECTORIES" | sed -n '2p' | awk '{ print $4 }') * 1024))
  [ "$free" -gt "${needed:-0}" ] && return 0
  say "a save may need $needed bytes, and $DIRECTORIES has $free free: nothing was begun"
  return 1
}

enough_time() {
  last=$(info persistence rdb_last_bgsave_time_sec)
  [ "${last:-0}" -lt "$DEADLINE_SECONDS" ] && return 0
  say "the last save took $last s, longer than the deadline of $DEADLINE_SECONDS s"
  return 1
}

hold_still() {
  work save && work write_out || return 1
  [ -z "$MOUNT" ] || freeze "$MOUNT" || return 1
  saved=$(cat "$RUN_DIR/saved")
  note "saved at $(date -u -d "@$saved" +%Y-%m-%dT%H:%M:%SZ), $(stat -c %s "$DUMP") bytes; AOF: $AOF, appendfsync $SYNC${MOUNT:+; frozen: $MOUNT}"
}

save() {
  begin_save || return 1
  await_idle
  saved=$(client LASTSAVE)
  if [ "$saved" -le "$last" ] || [ "$(info persistence rdb_last_bgsave_status)" != ok ]; then
    echo 'the save failed, and the server may refuse writes until one succeeds: its log says why'
    return 1
  fi
  echo "$DUMP" >"$RUN_DIR/dump"
  echo "$saved" >"$RUN_DIR/saved"
}

# Times of saves are whole seconds, so ours begins in a later one than `last`. The server may have begun another one just before.
begin_save() {
  while :; do
    await_idle
    last=$(client LASTSAVE) || return 1
    until [ "$(client TIME | head -n 1)" -gt "$last" ]; do
      over && exit 1
      sleep 0.1
    done
    answer=$(client BGSAVE) && return 0
    case $answer in *'in progress'*) ;; *) echo "BGSAVE: $answer"; return 1 ;; esac
  done
}

# Until there is no save and no rewrite of the append-only file. Whoever ends the hold ends this too.
await_idle() {
  while client INFO persistence | grep -q -e '^rdb_bgsave_in_progress:1' -e '^aof_rewrite_in_progress:1' -e '^aof_rewrite_scheduled:1'; do
    over && exit 1
    sleep 0.1
  done
}

# Whether the dump is still that of the hold, or a newer one, is seen on disk.
let_go() {
  thaw "$1" || return 1
  [ -e "$RUN_DIR/since" ] && once "$RUN_DIR/ending" "$(now_ms)" || return 0
  changed=$(stat -c %Y "$(cat "$RUN_DIR/dump")" 2>/dev/null || echo 0)
  [ $((changed + 1)) -ge "$(cat "$RUN_DIR/saved")" ] || lost "the dump $(cat "$RUN_DIR/dump") is there no more"
}
