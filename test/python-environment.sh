#!/bin/sh
# A Python environment for the tests of one folder, with what its requirements.txt asks for. Needs PyPI once.
# Usage: sh test/python-environment.sh test/<folder>
set -eu
folder=$1
venv=node_modules/.cache/$(basename "$folder")
python3 -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))' ||
  { echo 'Python 3.10 or newer with venv is needed (Debian: apt-get install python3-venv)' >&2; exit 1; }
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$folder/requirements.txt"
"$venv/bin/pip" freeze --disable-pip-version-check
