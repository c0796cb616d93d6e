#!/bin/sh
# holdfast-guest: verify
# Asks the owner's script HOLDFAST_PATH, as root, whether the application works: its exit code is the answer. In the
# doctor's document it only tells whether the script could be asked.

main() {
  export LC_ALL=C PATH="${PATH:-}:/usr/sbin:/usr/bin:/sbin:/bin"
  trusted_script "$HOLDFAST_PATH" || exit 2
  [ "${HOLDFAST_ACTION-}" != doctor ] || { understood_script "$HOLDFAST_PATH"; exit; }
  exec timeout -k 5 "$HOLDFAST_DEADLINE_SECONDS" "$HOLDFAST_PATH"
}
