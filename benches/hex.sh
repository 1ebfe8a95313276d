#!/usr/bin/env bash
# The race of hex: jack against the tools whose dumps it writes and reads, in turns, on the same bytes.
#
#   cargo build --release -p jackfield-cli && benches/hex.sh [RUNS]
#
# JACK is the binary, PEERS the folders with an xxd each, SIZE the bytes, SMALL those for hexdump, od and hexyl, which are
# slow, PLACE a folder in memory. Each pair of runs gives a ratio, the peer's time through ours; printed are its median, its
# least and its most. To a file in memory the peer is cat, which writes the same output, and the ratio is our time through
# that of cat. Both must give the same bytes, which is checked first. Nothing else should run: the first line says what does.
set -euo pipefail
export LC_ALL=C
runs=${1:-9}
jack=$(realpath "${JACK:-target/release/jack}")
size=${SIZE:-$((256 << 20))}
small=${SMALL:-$((16 << 20))}
place=$(mktemp -d "${PLACE:-/dev/shm}/race.XXXXXX")
trap 'rm -rf "$place"' EXIT

ours="$jack hex"
head -c "$size" /dev/urandom > "$place/bytes"
head -c "$small" "$place/bytes" > "$place/few"
$ours "$place/bytes" > "$place/dump"
$ours -p "$place/bytes" > "$place/plain"

. "$(dirname "$0")/race.sh"
heading
for folder in ${PEERS:-$(dirname "$(command -v xxd)")}; do
    peer=$folder/xxd
    echo "-- $("$peer" -v 2>&1 | head -1)"
    same "$place/dump" "$peer $place/bytes"
    same "$place/plain" "$peer -p $place/bytes"
    same "$place/bytes" "$ours -r $place/dump"
    same "$place/bytes" "$ours -r -p $place/plain"
    same "$place/bytes" "$ours --undump $place/dump"
    for to in "/dev/null" "a pipe"; do
        [ "$to" = /dev/null ] && end=">/dev/null" || end="| cat >/dev/null"
        race "dump to $to" "$ours $place/bytes $end" "$peer $place/bytes $end" speed
        race "dump -g 1 -u to $to" "$ours -g 1 -u $place/bytes $end" "$peer -g 1 -u $place/bytes $end" speed
        race "plain to $to" "$ours -p $place/bytes $end" "$peer -p $place/bytes $end" speed
        race "-r to $to" "$ours -r $place/dump $end" "$peer -r $place/dump $end" speed
        race "-r -p to $to" "$ours -r -p $place/plain $end" "$peer -r -p $place/plain $end" speed
        race "--undump to $to, xxd -r" "$ours --undump $place/dump $end" "$peer -r $place/dump $end" speed
    done
done

echo "-- $(cat --version | head -1)"
race "dump to a file in memory" "$ours $place/bytes >$place/out" "cat $place/dump >$place/out" time
race "plain to a file in memory" "$ours -p $place/bytes >$place/out" "cat $place/plain >$place/out" time
race "-r to a file in memory" "$ours -r $place/dump >$place/out" "cat $place/bytes >$place/out" time
race "--undump to a file in memory" "$ours --undump $place/dump >$place/out" "cat $place/bytes >$place/out" time

# The slow ones, on fewer bytes: what is said of them is the less for our start, which counts more.
size=$small
against() {
    local version=$1 style=$2 peer=$3
    echo "-- $version, $small bytes"
    $ours --style "$style" "$place/few" > "$place/out"
    same "$place/out" "$peer $place/few"
    race "--style $style to /dev/null" "$ours --style $style $place/few >/dev/null" "$peer $place/few >/dev/null" speed
    race "--style $style to a pipe" "$ours --style $style $place/few | cat >/dev/null" \
        "$peer $place/few | cat >/dev/null" speed
}
against "$(hexdump --version)" hexdump "hexdump -C"
against "$(od --version | head -1)" od "od -Ax -tx1z"
if hexyl=$(command -v "${HEXYL:-hexyl}"); then
    against "$("$hexyl" --version), without colours" box "$hexyl --color never --no-squeezing"
else
    echo "-- hexyl is not installed: HEXYL names one"
fi
