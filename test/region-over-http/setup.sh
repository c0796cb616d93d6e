#!/bin/sh
# A Python environment with boto3, for the tests that ask the simulated region with a client that is not ours. Needs PyPI once.
set -eu
cd "$(dirname "$0")/../.."

venv=node_modules/.cache/region-over-http
python3 -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))' ||
  { echo 'Python 3.10 or newer with venv is needed (Debian: apt-get install python3-venv)' >&2; exit 1; }
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check --requirement test/region-over-http/requirements.txt
"$venv/bin/python" -c 'import boto3; print("boto3", boto3.__version__)'
