#!/usr/bin/env bash
# Builds the three images and tries each as a cell would run it: no root, nothing writable, no network.
# usage: deploy/image/build.sh [RELEASE]; BUILDER=docker|podman, BUILD_OPTIONS="--network=host …"
set -euo pipefail
cd "$(dirname "$0")/../.."

release=${1:-dev}
builder=${BUILDER:-}
for one in docker podman; do
    if [ -z "$builder" ] && command -v "$one" >/dev/null && "$one" info >/dev/null 2>&1; then builder=$one; fi
done
if [ -z "$builder" ]; then
    echo "cell: neither docker nor podman answers; set BUILDER" >&2
    exit 1
fi

locked=(--rm --read-only --user 10001:10001 --cap-drop=ALL --network=none --memory 512m --tmpfs /tmp)
settings=(-e REGION=kediri-raya -e AMQP_URI=amqp://nobody -e MONGO_URI=mongodb://nobody -e HTTP_HOST=127.0.0.1)
started=

ended() { if [ -n "$started" ]; then "$builder" rm -f "$started" >/dev/null; fi; }
trap ended EXIT

build() {
    # shellcheck disable=SC2086
    "$builder" build ${BUILD_OPTIONS:-} --target "$1" -t "jejaring/$1:$release" .
}

# A process that is live although everything it needs is away.
lives() {
    local image=$1 port=$2
    shift 2
    started=$("$builder" run -d "${locked[@]}" "${settings[@]}" -e HEALTH_PORT=8081 "$image" "$@")
    local ask="import urllib.request as u; print(u.urlopen('http://127.0.0.1:$port/healthz', timeout=2).read())"
    for _ in $(seq 40); do
        if "$builder" exec "$started" python -c "$ask" 2>/dev/null; then
            echo "cell: $image lives"
            ended
            started=
            return
        fi
        sleep 0.5
    done
    "$builder" logs "$started" >&2
    echo "cell: $image does not live" >&2
    exit 1
}

for target in service gateway console; do build "$target"; done
lives "jejaring/service:$release" 8081 serve services.members.service
lives "jejaring/gateway:$release" 8080
lives "jejaring/gateway:$release" 8081 python -m chassis.run serve gateway.projector
"$builder" run "${locked[@]}" --entrypoint python "jejaring/console:$release" -c \
    "import cell.backup, cell.found, cell.load; print('cell: the console has its tools')"
"$builder" images --filter "reference=*jejaring/*"
