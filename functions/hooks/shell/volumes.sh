# Whether what must come back lies on volumes of the set. HOLDFAST_VOLUMES: their ids, separated by commas, and by `+` where they
# are taken one call after another; or `all` when the caller does not know them. On Nitro an EBS volume's NVMe serial number is its
# id without the hyphen: https://docs.aws.amazon.com/ebs/latest/userguide/nvme-ebs-volumes.html

# all_in_set WHAT: 0 when all DIRECTORIES are, and taken at one instant.
all_in_set() {
  while read -r directory; do
    in_set "$1" "$directory" || return 1
  done <<LINES
$DIRECTORIES
LINES
  at_one_instant
}

# in_set WHAT DIRECTORY: 0 when it lies in the set, or when nobody here can tell (which is said); else 1, and says why.
in_set() {
  case $2 in /*) [ -d "$2" ] ;; *) false ;; esac || { say "the $1 is in $2, which is not there (a server in a container cannot be held from outside)"; return 1; }
  case "$(mount_entry "$(mount_of "$2")")," in *[\ ,]ro,* | *,emergency_ro,*) say "the $1 in $2 cannot be written: it is mounted read-only"; return 1 ;; esac
  device=$(device_of "$2")
  case $device in
    /dev/*) ;;
    tmpfs | ramfs | *:* | //*) say "the $1 in $2 lies on $device, which is not on an EBS volume"; return 1 ;;
    *) say "cannot tell on which volumes $2 ($device) lies"; return 0 ;;
  esac
  [ "$HOLDFAST_VOLUMES" = all ] || disks_in_set "$1" "$2" "$device"
}

# Puts on disk whatever lies in DIRECTORIES, one a line, and is not yet.
write_out() {
  while read -r directory; do
    flush "$directory" || return 1
  done <<LINES
$DIRECTORIES
LINES
}

# flush DIRECTORY: the file system that it lies on; all that there are, where sync(1) knows no other way (coreutils before 8.24: Amazon Linux 2).
flush() {
  case $(sync --help 2>&1) in *-f* | *-df*) sync -f "$1" ;; *) sync ;; esac
}

device_of() { df -P "$1" | sed -n '2s/ .*//p'; }
mount_of() { df -P "$1" | sed -n '2s/.*% //p'; }

# disks_in_set WHAT DIRECTORY DEVICE: DISKS then has all of them, too.
disks_in_set() {
  for disk in $(disks_of "$3"); do
    [ "$disk" != unknown ] || { say "cannot tell on which volume $2 ($3) lies: its disk shows no serial number"; continue; }
    has "$HOLDFAST_VOLUMES" "$disk" || { say "the $1 in $2 lies on $disk, which is not in the set"; return 1; }
    DISKS="${DISKS-} $disk"
  done
}

# disks_of DEVICE: prints, through partitions, LVM and RAID, the volume of every disk (or `unknown`).
disks_of() {
  found=$(lsblk -s -n -P -o TYPE,SERIAL "$1" 2>/dev/null | sed -n 's/^TYPE="disk" SERIAL="\([A-Za-z0-9_-]*\)"$/\1;/p')
  for disk in ${found:-;}; do
    case $disk in
      ';') echo unknown ;;
      vol[0-9a-f]*) disk=vol-${disk#vol}; echo "${disk%;}" ;;
      *) echo "${disk%;}" ;;
    esac
  done
}

# is_taken DEVICE: 0 when part of it lies in the set, 1 when nothing does, 2 when nobody here can tell.
is_taken() {
  [ "$HOLDFAST_VOLUMES" != all ] || return 2
  answer=1
  for disk in $(disks_of "$1"); do
    [ "$disk" != unknown ] || { answer=2; continue; }
    has "$HOLDFAST_VOLUMES" "$disk" && return 0
  done
  return "$answer"
}

# has LIST ID
has() { case ",$(echo "$1" | tr + ,)," in *",$2,"*) return 0 ;; *) return 1 ;; esac; }

# 0 when all that in_set has seen is taken at one instant: data and logs of different instants are no database.
at_one_instant() {
  for set in $(echo "$HOLDFAST_VOLUMES" | tr + ' '); do
    [ "$set" = all ] && return 0
    for serial in ${DISKS-}; do has "$set" "$serial" || continue 2; done
    return 0
  done
  say "its data lies on${DISKS-}, which are taken one after another: give them one tier"
  return 1
}
