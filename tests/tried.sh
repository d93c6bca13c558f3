#!/usr/bin/env bash
# Tests side by side, and what failed once more with nothing beside it (decision 133): PYTHON [options of pytest].
set -uo pipefail
python=$1; shift
"$python" -m pytest ${SIDE_BY_SIDE:-} "$@"
status=$?
[[ $status == 1 && -z "${STRICT:-}" ]] || exit $status
echo "cell: what failed is tried once more, with nothing beside it" >&2
exec "$python" -m pytest -x --last-failed --last-failed-no-failures none "$@"
