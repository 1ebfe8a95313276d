#!/usr/bin/env bash
# The race of reading captures: jack against tcpdump and tshark, in turns, on the same capture of mixed traffic.
#
#   cargo build --release -p jackfield-cli && cargo build --release -p jackfield-capture --example mixed
#   benches/read.sh [RUNS]
#
# JACK is the binary, MIXED what makes the capture, MIB its size, SLICE how many packets tshark gets, PLACE a folder in memory.
# Each pair of runs gives a ratio, the peer's time through ours; printed are its median, its least and its most. Output goes
# to /dev/null, and to a pipe. tcpdump and jack must write the same text, which is checked first. TZ is set, for without it
# the C library asks the file system for each packet. "One core" binds both to the first.
set -euo pipefail
export LC_ALL=C TZ=UTC
runs=${1:-5}
jack=$(realpath "${JACK:-target/release/jack}")
mixed=$(realpath "${MIXED:-target/release/examples/mixed}")
slice=${SLICE:-20000}
place=$(mktemp -d "${PLACE:-/dev/shm}/race.XXXXXX")
trap 'rm -rf "$place"' EXIT

mkdir "$place/ours"
ln -s "$jack" "$place/ours/tcpdump"
"$mixed" "${MIB:-520}" > "$place/mixed.pcap"
"$jack" read -c "$slice" -w "$place/slice.pcap" "$place/mixed.pcap"
size=$(stat -c %s "$place/mixed.pcap")

. "$(dirname "$0")/race.sh"
heading
ours=$place/ours/tcpdump file=$place/mixed.pcap part=$place/slice.pcap
echo "-- $(tcpdump --version 2>&1 | head -1), $("$jack" read --count "$file")"
"$ours" -n -r "$file" > "$place/text" 2>/dev/null
same "$place/text" "tcpdump -n -r $file 2>/dev/null"
rm "$place/text"
one="taskset -c 0"
race "text, one core" "$one $ours -n -r $file >/dev/null 2>&1" "$one tcpdump -n -r $file >/dev/null 2>&1" speed
race "text, all cores" "$ours -n -r $file >/dev/null 2>&1" "tcpdump -n -r $file >/dev/null 2>&1" speed
race "text -v, one core" "$one $ours -n -v -r $file >/dev/null 2>&1" "$one tcpdump -n -v -r $file >/dev/null 2>&1" speed
race "text -X, one core" "$one $ours -n -X -r $file >/dev/null 2>&1" "$one tcpdump -n -X -r $file >/dev/null 2>&1" speed
race "text through a pipe" "$ours -n -r $file 2>/dev/null | cat >/dev/null" \
    "tcpdump -n -r $file 2>/dev/null | cat >/dev/null" speed
race "--count" "$ours -n --count -r $file >/dev/null 2>&1" "tcpdump -n --count -r $file >/dev/null 2>&1" speed
race "-w to /dev/null" "$ours -r $file -w /dev/null 2>/dev/null" "tcpdump -r $file -w /dev/null 2>/dev/null" speed

size=$(stat -c %s "$part")
echo "-- $(tshark --version 2>/dev/null | head -1), the first $slice packets"
fields="-e ip.src -e ip.dst -e tcp.dstport -e udp.dstport"
race "four fields" "$jack read --field ip.src,ip.dst,tcp.dstport,udp.dstport $part >/dev/null" \
    "tshark -n -r $part -T fields $fields >/dev/null 2>&1" speed
race "JSON" "$jack read --json $part >/dev/null" "tshark -n -r $part -T json >/dev/null 2>&1" speed

size=$(stat -c %s "$file")
echo "-- jack alone, all of it: packets a second"
for what in "--field ip.src,ip.dst,tcp.dstport,udp.dstport" "--json" ""; do
    count=$("$jack" read --count "$file"); count=${count%% *}
    timed "$jack read $what $file >/dev/null"
    awk -v what="${what:-text}" -v n="$count" -v t="$took" 'BEGIN { printf "%-50s %.2f M/s\n", what, n / t }'
done
