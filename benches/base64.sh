#!/usr/bin/env bash
# The race of base64: jack under the tool's name against the tool, in turns, on the same bytes.
#
#   cargo build --release -p jackfield-cli && benches/base64.sh [RUNS]
#
# JACK is the binary, PEERS the folders with a base64 each (and a basenc), SIZE the bytes, PLACE a folder in memory.
# Each pair of runs gives a ratio, the peer's time through ours; printed are its median, its least and its most. To a file
# in memory the peer is cat, which writes the same output, and the ratio is our time through that of cat. Both must give
# the same bytes, which is checked first. Nothing else should run: the first line says what does.
set -euo pipefail
export LC_ALL=C
runs=${1:-9}
jack=$(realpath "${JACK:-target/release/jack}")
size=${SIZE:-$((256 << 20))}
place=$(mktemp -d "${PLACE:-/dev/shm}/race.XXXXXX")
trap 'rm -rf "$place"' EXIT

ln -s "$jack" "$place/base64"
ln -s "$jack" "$place/basenc"
head -c "$size" /dev/urandom > "$place/bytes"
"$place/base64" "$place/bytes" > "$place/text"
"$place/basenc" --base16 -w0 "$place/bytes" > "$place/hex"
tr -d '\n' < "$place/text" | fold -w 71 > "$place/odd"

. "$(dirname "$0")/race.sh"
heading
for folder in ${PEERS:-$(dirname "$(command -v base64)")}; do
    peer=$folder/base64 ours=$place/base64
    echo "-- $("$peer" --version | head -1)"
    same "$place/text" "$peer $place/bytes"
    same "$place/bytes" "$peer -d $place/text"
    race "encode to /dev/null" "$ours $place/bytes >/dev/null" "$peer $place/bytes >/dev/null" speed
    race "decode to /dev/null" "$ours -d $place/text >/dev/null" "$peer -d $place/text >/dev/null" speed
    race "encode through a pipe" "$ours $place/bytes | cat >/dev/null" "$peer $place/bytes | cat >/dev/null" speed
    race "decode through a pipe" "$ours -d $place/text | cat >/dev/null" "$peer -d $place/text | cat >/dev/null" speed
    race "decode, lines of 71, to /dev/null" "$ours -d $place/odd >/dev/null" "$peer -d $place/odd >/dev/null" speed
    race "decode -i, lines of 71, to /dev/null" "$ours -di $place/odd >/dev/null" "$peer -di $place/odd >/dev/null" speed
    race "base16 to /dev/null" "$place/basenc --base16 -w0 $place/bytes >/dev/null" \
        "$folder/basenc --base16 -w0 $place/bytes >/dev/null" speed
    race "base16 -d to /dev/null" "$place/basenc --base16 -d $place/hex >/dev/null" \
        "$folder/basenc --base16 -d $place/hex >/dev/null" speed
done
echo "-- $(cat --version | head -1)"
race "encode to a file in memory" "$place/base64 $place/bytes >$place/out" "cat $place/text >$place/out" time
race "decode to a file in memory" "$place/base64 -d $place/text >$place/out" "cat $place/bytes >$place/out" time
