#!/bin/sh
# Install the wheel from dist/ into an environment of its own and test it away from src: what the package carries, by
# its commands, pages and tables. The same code has gone through all tests before, browsers included.
set -eu
python=${1:-python3}
top=$(pwd)
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
"$python" -m venv "$place/venv"
wheel=$(ls "$top"/dist/equipoise-*.whl)
"$place/venv/bin/python" -m pip install --quiet --disable-pip-version-check "${wheel}[test]"
cp -r "$top/tests" "$place/tests"
cp "$top/pyproject.toml" "$place/"
cd "$place"
EQUIPOISE_SHARED=${EQUIPOISE_SHARED:-$top/../shared} \
  "$place/venv/bin/python" -m pytest -m "not long and not browser" tests/unit/terms tests/unit/desk \
  tests/functional/test_demonstration_pages.py tests/functional/test_match_web.py tests/functional/test_criteria.py \
  tests/functional/test_accounts_web.py tests/functional/test_saved_web.py tests/functional/test_pictures.py
