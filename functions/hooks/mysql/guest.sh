#!/bin/sh
# holdfast-guest: mysql-hook
# Holds a MySQL or MariaDB server still, MyISAM tables too, by locks that one session keeps until the release: BACKUP STAGE
# (MariaDB 10.4 and newer), or LOCK INSTANCE FOR BACKUP (MySQL 8 and newer) and FLUSH TABLES WITH READ LOCK.
# HOLDFAST_SOCKET (the server's socket, or `default`), HOLDFAST_PATIENCE_SECONDS, HOLDFAST_VOLUMES.
# https://mariadb.com/kb/en/backup-stage/ https://dev.mysql.com/doc/refman/8.4/en/lock-instance-for-backup.html

HOOK=mysql

main() { hold_main "$@"; }

identity() { printf %s "$HOLDFAST_SOCKET"; }

# client [ARGUMENT...]: the server knows root by its socket, or by the password in /root/.my.cnf. It may not ask for root's files, and
# ends with its first error, whatever that file says.
client() {
  [ "$HOLDFAST_SOCKET" = default ] || set -- --socket="$HOLDFAST_SOCKET" "$@"
  HOME=/root "$(program)" --batch --skip-column-names --unbuffered --skip-reconnect --skip-force --connect-timeout=5 --protocol=socket \
    --local-infile=0 "$@"
}

program() { command -v mysql || command -v mariadb; }

ask() { client --execute="$1"; }

prepare() {
  program >/dev/null || { say 'there is neither mysql nor mariadb, the client, on this guest'; return 1; }
  [ "$HOLDFAST_PATIENCE_SECONDS" -lt "$DEADLINE_SECONDS" ] || {
    say "waiting $HOLDFAST_PATIENCE_SECONDS s for statements leaves nothing of a deadline of $DEADLINE_SECONDS s"
    return 1
  }
  # A client may warn (of its own name, of its configuration), which is no part of the answer.
  VERSION=$(ask 'SELECT VERSION()' 2>"$RUN_DIR/words") || { say "the server does not answer: $(cat "$RUN_DIR/words")"; return 1; }
  find_directories && choose_locks
}

shorten_hold() { write_out; }

# DIRECTORIES, one a line: all that a copy needs, also what lies elsewhere behind links. What lies there the server's own user may have put
# there, or may put there while we look: no link is followed and no fifo waited for, and of a file a path's length is read (4 KB).
find_directories() {
  data=$(ask 'SELECT @@datadir') || return 1
  case $data in /*) ;; *) say "the server does not tell where its data is: $data"; return 1 ;; esac
  home=$(ask 'SELECT @@innodb_data_home_dir') && logs=$(ask 'SELECT @@innodb_log_group_home_dir') &&
    undo=$(ask 'SELECT @@innodb_undo_directory') || return 1
  DIRECTORIES=$(
    for directory in "$data" "$home" "$logs" "$undo"; do
      case $directory in
        /*) echo "$directory" ;;
        '' | NULL) ;;
        *) readlink -f "$data/$directory" ;;
      esac
    done
    find "$data" -maxdepth 2 -type l -exec readlink -f {} \; | while read -r target; do folder_of "$target"; done
    find "$data" -maxdepth 2 -type f -name '*.isl' -exec dd iflag=nofollow,nonblock count=8 status=none if={} \; -exec echo \; |
      while read -r target; do [ -z "$target" ] || folder_of "$target"; done
  )
  all_in_set data
}

folder_of() { if [ -d "$1" ]; then echo "$1"; else dirname "$1"; fi; }

# LOCKS: statements that hold, and END, those that let go.
choose_locks() {
  LOCKS='FLUSH TABLES WITH READ LOCK'
  END='UNLOCK TABLES;'
  case $VERSION in
    5.*-MariaDB* | 10.[0-3].*-MariaDB*) await_statements ;;
    *MariaDB*)
      LOCKS='BACKUP STAGE START; BACKUP STAGE FLUSH; BACKUP STAGE BLOCK_DDL; BACKUP STAGE BLOCK_COMMIT'
      END='BACKUP STAGE END;'
      ;;
    [0-7].*) await_statements ;;
    *)
      LOCKS="LOCK INSTANCE FOR BACKUP; $LOCKS"
      END="$END UNLOCK INSTANCE;"
      await_statements
      ;;
  esac
}

# FLUSH TABLES waits for every statement that runs, and all others wait behind it. So it is not even begun while there is a long
# one. None is ever killed.
await_statements() {
  least=1
  patience=$HOLDFAST_PATIENCE_SECONDS
  # Who only looks, looks once: for what has been running for as long as a quiesce would wait.
  [ "$HOLDFAST_ACTION" != doctor ] || { least=$patience; patience=0; }
  while :; do
    longest=$(ask "SELECT MAX(TIME) FROM information_schema.PROCESSLIST WHERE COMMAND IN ('Query', 'Execute') AND TIME >= $least AND ID <> CONNECTION_ID()") ||
      return 1
    [ "$longest" = NULL ] && return 0
    [ "$patience" -gt 0 ] || {
      say "a statement has been running for $longest s and is in the way of FLUSH TABLES WITH READ LOCK: nothing was locked"
      return 1
    }
    patience=$((patience - 1))
    sleep 1
  done
}

# Written out again once it is locked: MyISAM's writes may only have reached the page cache.
hold_still() {
  work take_locks && work write_out || return 1
  note "$VERSION: $LOCKS"
}

# For innodb_flush_log_at_trx_commit other than 1, where commits are acknowledged before they are on disk. With 0, MariaDB does not
# flush for the asking, but does so by itself within the timeout and a second.
FLUSH_LOGS='FLUSH NO_WRITE_TO_BINLOG ENGINE LOGS;
DO SLEEP(IF(@@GLOBAL.innodb_flush_log_at_trx_commit = 0, @@GLOBAL.innodb_flush_log_at_timeout + 1.2, 0));'

take_locks() {
  echo "$END" >"$RUN_DIR/end"
  seconds=$(remaining_seconds)
  open_session "$seconds" || return 1
  # The first is a guard in the server itself, for a client that hangs. The second bounds how long others wait behind our locks.
  tell "SET SESSION wait_timeout = $((seconds + 2)), lock_wait_timeout = $HOLDFAST_PATIENCE_SECONDS;" \
    "$LOCKS; $FLUSH_LOGS" "SELECT 'holdfast: held';"
  heard 'holdfast: held' "$seconds" && return 0
  cat "$RUN_DIR/remarks"
  return 1
}

let_go() {
  [ "$1" = busy ] || end_locks
  end_session
}

end_locks() {
  may_end_in_order || return 0
  still_there "SELECT 'holdfast: holding';" || return 0
  tell "$(cat "$RUN_DIR/end")" 'exit'
  session_ends 5
}
