#!/bin/sh
# holdfast-guest: services-hook
# A cold window: stops the systemd units HOLDFAST_UNITS (separated by commas, in order) that are running, and starts exactly these again,
# in the reverse order. What they had written is on disk by then (sync(1)).

HOOK=services

main() { hold_main "$@"; }

identity() { printf %s "$HOLDFAST_UNITS"; }

prepare() {
  command -v systemctl >/dev/null || { say "there is no systemd on this guest"; return 1; }
  UNITS=$(echo "$HOLDFAST_UNITS" | tr ',' ' ')
  refused=0
  for unit in $UNITS; do stoppable "$unit" || refused=1; done
  return $refused
}

# stoppable UNIT: it is there, it is not what this guest is reached by, and stopping it stops no unit beside the listed ones.
stoppable() {
  [ "$(property "$1" LoadState)" = loaded ] || { say "there is no unit $1 on this guest"; return 1; }
  # An alias goes by its proper name.
  for name in "$1" $(property "$1" Names); do
    ! vital "$name" || { say "$1 is never stopped: the system, its agent or its operator would be locked out"; return 1; }
  done
  case $(state_of "$1") in
    activating | deactivating) say "$1 is on its way up or down: try again when it has settled"; return 1 ;;
  esac
  alone "$1"
}

vital() {
  case $1 in
    systemd-* | init.* | dbus.* | dbus-* | ssh.* | sshd.* | ssh@* | sshd@* | sshd-* | amazon-ssm-agent.* | snap.amazon-ssm-agent.* | \
      snapd.* | NetworkManager* | networking.* | network.* | wicked* | cloud-* | polkit.* | multipathd.* | iscsid.* | lvm2-*) return 0 ;;
  esac
  return 1
}

# systemd stops what needs a unit together with it, and a running socket, timer or path starts it again.
alone() {
  for other in $(property "$1" RequiredBy) $(property "$1" BoundBy) $(property "$1" ConsistsOf); do
    listed_or_down "$other" || { say "$other would be stopped together with $1: list it before $1"; return 1; }
  done
  for other in $(property "$1" TriggeredBy); do
    listed_or_down "$other" || { say "$other could start $1 again: list it before $1"; return 1; }
  done
}

listed_or_down() {
  case " $UNITS " in *" $1 "*) return 0 ;; esac
  ! is_running "$1"
}

# property UNIT NAME: its value, which may be a list. An old systemctl has no --value.
property() { systemctl show --property="$2" -- "$1" | cut -d = -f 2-; }

state_of() { property "$1" ActiveState; }

is_running() {
  case $(state_of "$1") in active | reloading | refreshing) return 0 ;; esac
  return 1
}

hold_still() {
  running=
  for unit in $UNITS; do ! is_running "$unit" || running="$running $unit"; done
  # Before the first stop: whoever lets go starts what is written here.
  note_down running "$running" || { say "no room for the state in $RUN_DIR"; return 1; }
  sync # What is written out now need not be while everything is down.
  for unit in $running; do work stop_unit "$unit" || return 1; done
  sync
  note_down stopped "$(standing)"
  for unit in $UNITS; do
    ! is_running "$unit" || { say "$unit is running again"; return 1; }
  done
  echo "stopped:$running"
}

note_down() { echo "$2" >"$RUN_DIR/$1.new" && mv -f "$RUN_DIR/$1.new" "$RUN_DIR/$1"; }

# Waits for the unit's own stop, in the background and without our lock, so that whoever lets go can end the waiting.
stop_unit() {
  systemctl stop -- "$1" 8>&- &
  echo "$!" >"$RUN_DIR/stopping"
  wait "$!"
  set -- "$1" $?
  rm -f "$RUN_DIR/stopping"
  [ "$2" -eq 0 ] || return "$2"
  ! is_running "$1" || { echo "systemd says that $1 is stopped, and it is running"; return 1; }
}

# Invocation ids: a new one with every start; forgotten when systemd unloads a unit that is down.
standing() {
  for unit in $UNITS; do echo "$unit $(property "$unit" InvocationID)"; done
}

# let_go idle|busy: a stop under way is waited for no longer; starting the unit takes the stop back.
let_go() {
  [ -e "$RUN_DIR/running" ] || return 0
  if [ "$1" = busy ]; then
    stopping=$(cat "$RUN_DIR/stopping" 2>/dev/null) && kill -TERM "$stopping" 2>/dev/null
    return 0
  fi
  look_back
  left=0
  for unit in $(reversed "$(cat "$RUN_DIR/running")"); do start_unit "$unit" || left=1; done
  return $left
}

# Once, before the first start: did anybody start a unit while we held it?
look_back() {
  [ ! -e "$RUN_DIR/looked" ] || return 0
  [ ! -e "$RUN_DIR/since" ] || while read -r unit id; do
    now=$(property "$unit" InvocationID)
    if is_running "$unit" || [ "${now:-$id}" != "$id" ]; then
      lost "$unit was started by somebody else while it was held"
    fi
  done <"$RUN_DIR/stopped"
  echo >"$RUN_DIR/looked"
}

# Waits until the unit itself says that it is ready.
start_unit() {
  said=$(timeout "$DEADLINE_SECONDS" systemctl start -- "$1" 2>&1 8>&-)
  is_running "$1" && return 0
  say "$1 does not start: ${said:-$(state_of "$1")}"
  return 1
}

reversed() {
  backwards=
  for word in $1; do backwards="$word $backwards"; done
  echo "$backwards"
}
