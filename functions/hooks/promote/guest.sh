#!/bin/sh
# holdfast-guest: promote
# AWS Backup restores files of EFS into a folder of its own, /aws-backup-restore_<time>. Moves what lies there to the root of the file system, which the
# mount target at HOLDFAST_SERVER serves, within HOLDFAST_DEADLINE_SECONDS. It only renames, replaces nothing, and moves nothing at all when anything is in the way. What
# AWS Backup could not place (aws-backup-lost+found…) and what earlier restores have left stays where it is. Then, under each of HOLDFAST_ROOTS, temporary files are
# deleted (HOLDFAST_FILES, HOLDFAST_FOLDERS). Run again, it goes on where it was. In the doctor's document it only tells
# whether it could mount it.

# https://docs.aws.amazon.com/efs/latest/ug/mounting-fs-nfs-mount-settings.html
# Nothing on it is run or opened as a device: nosuid and nodev, so that what somebody put there gains nothing by the mount.
MOUNT_OPTIONS=nfsvers=4.1,rsize=1048576,wsize=1048576,hard,timeo=600,retrans=2,noresvport,nosuid,nodev

main() {
  set -u
  umask 077
  export LC_ALL=C PATH="${PATH:+$PATH:}/usr/sbin:/usr/bin:/sbin:/bin"
  STATE=${HOLDFAST_STATE_DIR:-/run/holdfast}
  TOP=$STATE/promote-$HOLDFAST_RUN
  DONE=$TOP.done
  mkdir -p "$STATE" || die 1 "no room for a mount point in $STATE"
  exec 9>"$STATE/promote.lock"
  flock -w "$HOLDFAST_DEADLINE_SECONDS" 9 || die 75 "another promotion is under way"
  [ ! -e "$DONE" ] || { cat "$DONE"; exit 0; }
  trap leave_top EXIT
  trap 'exit 1' HUP INT TERM
  mkdir -p "$TOP" || die 1 "no room for a mount point in $STATE"
  # Who only looks cannot write, whatever the rest of this script does.
  [ "${HOLDFAST_ACTION:-promote}" != doctor ] || MOUNT_OPTIONS=$MOUNT_OPTIONS,ro
  timeout -k 5 60 mount -t nfs4 -o "$MOUNT_OPTIONS" "$HOLDFAST_SERVER:/" "$TOP" ||
    die 1 "cannot mount $HOLDFAST_SERVER:/ (is mount.nfs4 of nfs-utils or nfs-common there, and may this host reach port 2049 of the mount target?)"
  [ "${HOLDFAST_ACTION:-promote}" != doctor ] || exit 0
  { find_folder && move && purge; } || exit 1
  # Reading every name may take longer than anybody waits for it: whoever asks again is answered at once.
  echo "done before" >"$DONE"
}

move() {
  [ -n "$FOLDER" ] || { echo "nothing to move"; return 0; }
  nothing_in_the_way && each rename && tell_moved
}

# Before anybody is led here. Looks once more, and names what is left.
purge() {
  [ "$HOLDFAST_FILES $HOLDFAST_FOLDERS" != "none none" ] || return 0
  (set -f && all_named) || return 1
  for root in $(echo "$HOLDFAST_ROOTS" | tr ',' ' '); do
    temporary "$root" -delete || { say "temporary files under $root could not be taken away"; return 1; }
    left=$(temporary "$root" -print | head -n 5)
    [ -z "$left" ] || { say "temporary files are left under $root: $left"; return 1; }
  done
  echo "temporary files are gone"
}

# temporary ROOT ACTION...: with what find(1) shall do.
temporary() (
  set -f
  within "$TOP${1%/}" || exit 1
  shift
  find_temporary ! -path './aws-backup-*' "$@"
)

# Also what an earlier one has left mounted.
leave_top() {
  cd / || return
  while mountpoint -q "$TOP"; do umount "$TOP" || umount -l "$TOP" || break; done
  rmdir "$TOP" 2>/dev/null
}

# FOLDER: the one that AWS Backup has made; empty when all of it lies in its place.
find_folder() {
  FOLDER=
  for folder in "$TOP"/aws-backup-restore_*; do
    if [ ! -d "$folder" ] || [ -L "$folder" ]; then continue; fi
    [ -z "$FOLDER" ] || { say "there are several: ${FOLDER##*/} and ${folder##*/}; keep one"; return 1; }
    FOLDER=$folder
  done
}

# each COMMAND: with the path of each thing to move, hidden ones too; ends with the first that fails.
each() {
  for path in "$FOLDER"/* "$FOLDER"/.[!.]* "$FOLDER"/..?*; do
    there "$path" || continue
    case ${path##*/} in aws-backup-lost+found* | aws-backup-restore_* | aws-backup-failed-restore_*) continue ;; esac
    "$1" "$path" || return 1
  done
}

# Also a link that leads nowhere.
there() { [ -e "$1" ] || [ -L "$1" ]; }

nothing_in_the_way() {
  each is_free || { say "nothing was moved: take away what is in the way, or move by hand"; return 1; }
}

is_free() {
  ! there "$TOP/${1##*/}" || { say "/${1##*/} is there already, and is not replaced"; return 1; }
}

# -T: never into a folder of that name; -n: never over anything, whoever has put it there meanwhile.
rename() {
  mv -nT "$1" "$TOP/${1##*/}"
  ! there "$1" || { say "${1##*/} could not be moved"; return 1; }
}

tell_moved() {
  echo "moved to the root from ${FOLDER##*/}"
  rmdir "$FOLDER" 2>/dev/null || echo "left in ${FOLDER##*/}: $(cd "$FOLDER" && echo aws-backup-*)"
  for folder in "$TOP"/aws-backup-lost+found* "$TOP"/aws-backup-failed-restore_*; do
    [ ! -d "$folder" ] || echo "left at the root: ${folder##*/}"
  done
}
