# Scripts of the machine's owner that run as root.

# trusted_script PATH: 0 when it can run and nobody but root could have put it there.
trusted_script() {
  case $1 in /*) ;; *) echo "holdfast: $1 is not an absolute path" >&2; return 1 ;; esac
  real=$(readlink -f "$1")
  if [ ! -f "$real" ] || [ ! -x "$real" ]; then
    echo "holdfast: $1 is not there or not executable" >&2
    return 1
  fi
  roots_alone "$real" && roots_alone "$(dirname "$1")"
}

# understood_script PATH: 0 unless it is a shell's, and that shell cannot read it: better known by day than at night.
understood_script() {
  shell=$(shell_of "$1")
  [ -n "$shell" ] || return 0
  # shellcheck disable=SC2086 # env and its shell are two words
  answer=$($shell -n "$1" 2>&1) && return 0
  echo "holdfast: $1 is not understood by $shell: $answer" >&2
  return 1
}

# shell_of SCRIPT: the shell that its first line names, without options; nothing for other programs, which may take -n for something else
# than looking: whoever asks for an examination may not run anything.
shell_of() {
  named=$(sed -n '1s|^#! *\(\(/[^ ]*/env  *\)\{0,1\}[^ ]*sh\)\( .*\)\{0,1\}$|\1|p' "$1")
  case ${named##*[/ ]} in sh | ash | bash | dash | ksh | mksh | zsh) echo "$named" ;; esac
}

# roots_alone PATH: it and every folder above belong to root and nobody else may write there.
roots_alone() {
  part=$1
  while :; do
    [ -z "$(find -H "$part" -prune \( ! -user 0 -o -perm -020 -o -perm -002 \))" ] || {
      echo "holdfast: $part must belong to root and be writable by nobody else" >&2
      return 1
    }
    [ "$part" = / ] && return 0
    part=$(dirname "$part")
  done
}

# roots_secret FILE: 0 when only root can read it, and nobody else could have put it there.
roots_secret() {
  [ -f "$1" ] || { echo "holdfast: $1 is not there" >&2; return 1; }
  [ -z "$(find -H "$1" -prune -perm /077)" ] || { echo "holdfast: $1 must be readable by root alone" >&2; return 1; }
  roots_alone "$(readlink -f "$1")" && roots_alone "$(dirname "$1")"
}
