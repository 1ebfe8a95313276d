# What the races share; they source it. `runs` is how many pairs are run, `size` the bytes of the input.

# Says when, of what, where and how often.
heading() {
    echo "$(date -u +%F), $(git rev-parse --short HEAD 2>/dev/null || echo '?'), Linux $(uname -r), $(nproc) cores, $(
        sed -n 's/^model name[^:]*: //p;T;q' /proc/cpuinfo), load$(uptime | sed 's/.*average//'), $runs pairs, $size bytes"
}

now() { echo "${EPOCHREALTIME/./}"; }

# Runs a command line, and sets `took` to its microseconds.
timed() {
    local began
    began=$(now)
    eval "$1"
    took=$(($(now) - began))
}

# Prints a row: what, the two command lines, and whether the ratio is theirs through ours (speed) or ours through theirs.
race() {
    local what=$1 ours=$2 theirs=$3 of=$4 ratios=() times=() a b
    timed "$ours"; timed "$theirs"
    for _ in $(seq "$runs"); do
        timed "$ours"; a=$took
        timed "$theirs"; b=$took
        times+=("$a $b")
        if [ "$of" = speed ]; then ratios+=("$b $a"); else ratios+=("$a $b"); fi
    done
    printf '%s\n' "${ratios[@]}" | awk '{ printf "%.3f\n", $1 / $2 }' | sort -n | awk -v what="$what" -v of="$of" '
        { r[NR] = $1 }
        END { printf "%-34s %s %5.2f  (%.2f to %.2f)", what, of == "speed" ? "times as fast" : "times its time", r[int((NR + 1) / 2)], r[1], r[NR] }'
    printf '%s\n' "${times[@]}" | awk '{ print $1 }' | sort -n | awk -v size="$size" '
        { t[NR] = $1 } END { printf "   %.2f GB/s of bytes\n", size / t[int((NR + 1) / 2)] / 1000 }'
}

same() { cmp -s "$1" <(eval "$2") || { echo "not the same bytes: $2" >&2; exit 1; }; }
