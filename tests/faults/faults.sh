#!/bin/bash
# Everything that pleiade-faults knows, and a last table. Exit code 0: all green. What computes and what waits for processes
# run side by side; what is measured then has the machine for itself. SEED plays a run again; ONLY="kills bus" some of it.
cd "$(dirname "$0")/../.." || exit 1
bin=build/faults/bin
seed=${SEED:-$(date +%s)}
work=$(mktemp -d build/faults/run-XXXXXX)  # on a disk: what is measured there is durable
trap 'rm -rf "$work"' EXIT

run() {
    local kind=$1 began=$SECONDS colour=green
    [[ -n $ONLY && " $ONLY " != *" $kind "* ]] && return
    shift
    "$bin/pleiade-faults" "$kind" --seed "$seed" "$@" >"$work/$kind.txt" 2>&1 || colour=RED
    printf '%-6s %-10s %4d s\n' "$colour" "$kind" $((SECONDS - began)) >>"$work/table"
    { echo "--- $kind (seed $seed)"; cat "$work/$kind.txt"; }
}
computing() {
    run store --folder "$work/ledger-1000000"
    run power
    run bugs
    run enumerate
    run mutations
    run absent --bin build/release/bin
}
processes() {
    run kills --bin "$bin"
    run database --bin "$bin"
    run workers --bin "$bin"
    run stops --bin "$bin"
    run elastic --bin "$bin" --supervisor build/release/bin/pleiade
    run zombies --bin "$bin"
    run bus --bin "$bin"
    run clocks --bin "$bin"
    run disks --bin "$bin"
}
computing &
processes &
wait
run simulate
run hosts --bin "$bin"
run poison --bin "$bin"
run overload --bin "$bin"
run strangers --bin "$bin" --folder "$work"
run capacity --folder "$work"
run engines
run curve --bin "$bin"
run copy
run large

echo
echo "seed $seed, $SECONDS s in all (SEED=$seed make test-faults plays it again)"
cat "$work/table"
! grep -q RED "$work/table"
