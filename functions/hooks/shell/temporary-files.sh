# Which files are temporary: those with the names HOLDFAST_FILES (`*` stands for anything), and all that lies in folders with the names
# HOLDFAST_FOLDERS. Both separated by commas, or `none`.

# Enters the folder, unless a symbolic link leads there: then nobody knows what would be deleted.
within() {
  cd "$1" 2>/dev/null || { say "$1 is not a folder"; return 1; }
  [ "$(pwd -P)" = "$1" ] || { say "$1 leads through a symbolic link: name the folder itself, $(pwd -P)"; return 1; }
}

# find_temporary ACTION...: find(1), in the place of this shell, under the present folder and on its file system alone. Wants `set -f`.
find_temporary() {
  set -- \) "$@"
  for name in $(names "$HOLDFAST_FILES"); do set -- -o ! -type d -name "$name" "$@"; done
  for name in $(names "$HOLDFAST_FOLDERS"); do set -- -o -path "*/$name/*" "$@"; done
  exec find . -xdev -mindepth 1 \( -false "$@"
}

# 0 when no file's name stands for all of them: no policy has such a name (functions/domain/policy-guest-fields.ts).
all_named() {
  for name in $(names "$HOLDFAST_FILES"); do
    case $name in *[A-Za-z0-9]*) ;; *) say "$name would take every file away: name what is temporary"; return 1 ;; esac
  done
}

names() { [ "$1" = none ] || echo "$1" | tr ',' ' '; }
