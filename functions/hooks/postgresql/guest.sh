#!/bin/sh
# holdfast-guest: postgresql-hook
# Holds a PostgreSQL server (13 and newer) still, after a checkpoint: by freezing the file systems of its data, WAL and tablespaces,
# so that a copy recovers as after a power cut; or by backup mode, which a session keeps until the release.
# HOLDFAST_PORT, HOLDFAST_SOCKET (the folder of the server's socket, or `default`), HOLDFAST_MODE (auto, freeze, backup-mode),
# HOLDFAST_VOLUMES.
# https://www.postgresql.org/docs/current/continuous-archiving.html#BACKUP-LOWLEVEL-BASE-BACKUP

HOOK=postgresql

main() { hold_main "$@"; }

identity() { printf '%s %s' "$HOLDFAST_SOCKET" "$HOLDFAST_PORT"; }

# client [ARGUMENT...]: psql as the system's user postgres, whom the server knows by its socket (peer authentication).
client() {
  [ "$HOLDFAST_SOCKET" = default ] || set -- -h "$HOLDFAST_SOCKET" "$@"
  env -i PATH="$PATH" LC_ALL=C PGAPPNAME=holdfast PGCONNECT_TIMEOUT=5 PGOPTIONS="-c statement_timeout=${DEADLINE_SECONDS}s" \
    runuser -u postgres -- psql -XAtqw -v ON_ERROR_STOP=1 -d postgres -p "$HOLDFAST_PORT" "$@"
}

prepare() {
  for program in psql runuser; do
    command -v "$program" >/dev/null || { say "there is no $program on this guest"; return 1; }
  done
  # A server may have a warning for whoever connects, which is no part of its answer.
  VERSION=$(client -c 'SHOW server_version_num' 2>"$RUN_DIR/words") || { say "PostgreSQL does not answer: $(cat "$RUN_DIR/words")"; return 1; }
  [ "$VERSION" -ge 130000 ] || { say "this server's version is $VERSION; 13 (130000) is the oldest that can be held"; return 1; }
  find_directories && choose_mode
}

shorten_hold() { client -c CHECKPOINT && write_out; }

# DIRECTORIES, one a line: all that a copy needs.
find_directories() {
  data=$(client -c 'SHOW data_directory') &&
    tablespaces=$(client -c "SELECT pg_tablespace_location(oid) FROM pg_tablespace WHERE pg_tablespace_location(oid) <> ''") ||
    return 1
  DIRECTORIES=$(printf '%s\n' "$data" "$(readlink -f "$data/pg_wal")" "$tablespaces" | sed '/^$/d')
  all_in_set data
}

# MODE, and in REASON why. Frozen, everything is on disk and of one instant, and nothing has to be added to a copy.
choose_mode() {
  REASON='as the policy says'
  MODE=$HOLDFAST_MODE
  if [ "$MODE" != backup-mode ]; then
    if find_mounts 2>"$RUN_DIR/hindrance"; then
      MODE=freeze
      REASON='which can be frozen'
      return 0
    fi
    [ "$MODE" = auto ] || { cat "$RUN_DIR/hindrance" >&2; return 1; }
    MODE=backup-mode
    REASON=$(tail -n 1 "$RUN_DIR/hindrance")
  fi
  [ "$(client -c 'SHOW fsync')" = on ] || { say 'with fsync off backup mode proves nothing: set it on, or let it be frozen'; return 1; }
}

# MOUNTS of all directories; 1 when one cannot be frozen.
find_mounts() {
  find_protected
  MOUNTS=
  while read -r directory; do
    mount=$(mount_of "$directory")
    case " $MOUNTS " in *" $mount "*) continue ;; esac
    case $mount in *[!A-Za-z0-9._/-]*) say "cannot freeze a mount point named $mount"; return 1 ;; esac
    may_freeze "$mount" || return 1
    MOUNTS="$MOUNTS$mount "
  done <<LINES
$DIRECTORIES
LINES
}

hold_still() {
  if [ "$MODE" = freeze ]; then
    # shellcheck disable=SC2086 # a list of mounts
    freeze $MOUNTS || return 1
    note "PostgreSQL $VERSION: checkpoint, then frozen: $MOUNTS($REASON)"
  else
    work begin_backup || return 1
    note "PostgreSQL $VERSION: backup mode ($REASON)"
  fi
}

begin_backup() {
  begin="SELECT pg_backup_start('holdfast', true)"
  end='SELECT labelfile FROM pg_backup_stop(false);'
  if [ "$VERSION" -lt 150000 ]; then
    begin="SELECT pg_start_backup('holdfast', true, false)"
    end='SELECT labelfile FROM pg_stop_backup(false, false);'
  fi
  echo "$end" >"$RUN_DIR/end"
  seconds=$(remaining_seconds)
  open_session "$seconds" || return 1
  # A guard in the server itself, for a client that hangs.
  [ "$VERSION" -lt 140000 ] || tell "SET idle_session_timeout = '$((seconds + 2))s';"
  tell "$begin \\g /dev/null" '\warn holdfast: held'
  heard 'holdfast: held' "$seconds" && return 0
  cat "$RUN_DIR/remarks"
  return 1
}

let_go() {
  thaw "$1" || return 1
  [ "$1" = busy ] || end_backup
  end_session
}

# Leaves backup mode in order, once, when it still is in it. The label is kept for whoever wants to add it to a copy; copies of
# one instant recover without.
end_backup() {
  may_end_in_order || return 0
  if still_there 'SELECT 1 \g /dev/null' '\warn holdfast: holding'; then
    tell "$(cat "$RUN_DIR/end")" '\q'
    session_ends 5 && mv "$RUN_DIR/answers" "$RUN_DIR/backup-label"
  fi
}
