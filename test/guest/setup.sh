#!/bin/sh
# Installs what the guest tests need beside coreutils and util-linux (Debian, Ubuntu). Run as root.
set -eu
missing=''
command -v mkfs.ext4 >/dev/null || missing="$missing e2fsprogs"
command -v mkfs.xfs >/dev/null || missing="$missing xfsprogs"
command -v busybox >/dev/null || missing="$missing busybox"
command -v shellcheck >/dev/null || missing="$missing shellcheck"
command -v dash >/dev/null || missing="$missing dash"
[ -x /usr/lib/postgresql/15/bin/postgres ] || missing="$missing postgresql-15"
[ -x /usr/sbin/mariadbd ] || missing="$missing mariadb-server"
[ -x /usr/bin/redis-server ] || missing="$missing redis-server"
[ -n "$missing" ] || exit 0
apt-get update -qq
# shellcheck disable=SC2086 # a list of packages
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
