#!/bin/sh
# holdfast-guest: verify
# Asks the owner's script HOLDFAST_PATH, as root, whether the application works: its exit code is the answer.

main() {
  export LC_ALL=C PATH="${PATH:-}:/usr/sbin:/usr/bin:/sbin:/bin"
  trusted_script "$HOLDFAST_PATH" || exit 2
  exec timeout -k 5 "$HOLDFAST_DEADLINE_SECONDS" "$HOLDFAST_PATH"
}
