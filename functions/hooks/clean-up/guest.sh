#!/bin/sh
# holdfast-guest: clean-up-hook
# Takes temporary files away before a snapshot, or after a recovery: under each of HOLDFAST_ROOTS the files with the names HOLDFAST_FILES (`*` stands for
# anything), and all that lies in folders with the names HOLDFAST_FOLDERS. Separated by commas. HOLDFAST_MOVE_TO: a folder that they
# are moved to, or `none`: deleted. Other file systems and what symbolic links lead to are left alone. Holds nothing.

HOOK=clean-up

main() { if [ "${1:-$HOLDFAST_ACTION}" = purge ]; then purge_once; else hold_main "$@"; fi; }

# For a recovery: a hold that ends at once. Asked again, it tells how the first time ended.
purge_once() {
  (hold_main quiesce) >/dev/null
  outcome=$(hold_main release) || exit 1
  case $outcome in *'"by":"release"'*) echo "$outcome" ;; *) exit 1 ;; esac
}

identity() { printf '%s %s %s %s' "$HOLDFAST_ROOTS" "$HOLDFAST_FILES" "$HOLDFAST_FOLDERS" "$HOLDFAST_MOVE_TO"; }

prepare() {
  ROOTS=$(echo "$HOLDFAST_ROOTS" | tr ',' ' ')
  # GNU find works from within each folder, so that nobody can slip a symbolic link between looking and deleting.
  unable=$(find / -maxdepth 0 -execdir true {} \; 2>&1) ||
    { say "find -execdir does not work here, GNU findutils are needed: $unable"; return 1; }
  bad=0
  for root in $ROOTS; do
    { is_data "$root" && (within "$root"); } || bad=1
  done
  all_named || bad=1
  destination || bad=1
  return $bad
}

# is_data FOLDER: 0 unless the system or the agent writes there; no policy has such a root (functions/domain/policy-fields.ts).
is_data() {
  case $1/ in
    // | /var/ | /var/lib/ | /var/log/ | /opt/ | \
      /boot/* | /usr/* | /bin/* | /sbin/* | /lib/* | /lib64/* | /etc/* | /run/* | /dev/* | /proc/* | /sys/* | /snap/* | \
      /var/lib/amazon/* | /var/log/amazon/* | /var/run/* | /var/tmp/* | /tmp/* | /opt/aws/* | /opt/amazon/*)
      say "$1 is never cleaned up: the system or the SSM agent writes there"
      return 1
      ;;
  esac
}

destination() {
  [ "$HOLDFAST_MOVE_TO" != none ] || return 0
  [ -d "$HOLDFAST_MOVE_TO" ] || { say "$HOLDFAST_MOVE_TO, where temporary files go, is not a folder"; return 1; }
  real=$(readlink -f "$HOLDFAST_MOVE_TO")
  for root in $ROOTS; do
    case $real/ in "$root"/*) say "$HOLDFAST_MOVE_TO lies under $root: it would be in the backup"; return 1 ;; esac
  done
  roots_alone "$real"
}

hold_still() {
  for PASS in 1 2 3; do
    work purge_all || return 1
    [ -s "$RUN_DIR/left" ] || { echo "clean after pass $PASS"; return 0; }
  done
  say "somebody is still writing temporary files; some that are left: $(tr '\n' ' ' <"$RUN_DIR/left")"
  return 1
}

# left: the first few that are still, or again, there.
purge_all() {
  for root in $ROOTS; do (within "$root" && purge); done
  for root in $ROOTS; do
    (within "$root" && find_matches -print) >"$RUN_DIR/found" || echo "$root cannot be searched"
    head -n 5 "$RUN_DIR/found" | sed "s|^\.|$root|"
  done >"$RUN_DIR/left"
}

# Moves what is foremost, with all below it, to a place of the same path, another one for each pass.
purge() {
  if [ "$HOLDFAST_MOVE_TO" = none ]; then
    find_matches -delete
    return
  fi
  export ATTIC="$HOLDFAST_MOVE_TO/$RUN/$PASS"
  # shellcheck disable=SC2016 # for the inner shell
  find_matches -prune -execdir sh -c 'to=$ATTIC$(pwd -P) && mkdir -p "$to" && mv -f -- "$1" "$to/"' sh {} \;
}

# find_matches ACTION...: under the present folder. In the background and without our lock, so that whoever lets go can end it.
find_matches() {
  ! over || return 1
  find_temporary "$@" 8>&- &
  echo "$!" >"$RUN_DIR/finding"
  wait "$!"
  set -- $?
  rm -f "$RUN_DIR/finding"
  return "$1"
}

# let_go idle|busy: nothing is held. What is still being taken away is left where it is.
let_go() {
  [ "$1" = busy ] && finding=$(cat "$RUN_DIR/finding" 2>/dev/null) && kill -TERM "$finding" 2>/dev/null
  return 0
}
