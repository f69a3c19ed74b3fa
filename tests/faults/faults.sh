#!/bin/bash
# Everything that pleiade-faults knows, one kind after the other, and a last table. Exit code 0: all green.
cd "$(dirname "$0")/../.." || exit 1
bin=build/faults/bin
seed=${SEED:-$(date +%s)}
results=()
failed=0
run() {
    local kind=$1 began=$SECONDS
    shift
    echo "--- $kind (seed $seed)"
    if "$bin/pleiade-faults" "$kind" --seed "$seed" "$@"; then
        results+=("green  $(printf '%-10s %4d s' "$kind" $((SECONDS - began)))")
    else
        results+=("RED    $(printf '%-10s %4d s' "$kind" $((SECONDS - began)))")
        failed=1
    fi
}
run absent --bin build/release/bin
run simulate
run power
run bugs
run enumerate
run mutations
run kills --bin "$bin"
run zombies --bin "$bin"
run poison --bin "$bin"
run bus --bin "$bin"
run clocks --bin "$bin"
run disks --bin "$bin"
run overload --bin "$bin"
run capacity
echo
echo "seed $seed, $SECONDS s in all (SEED=$seed make test-faults plays it again)"
printf '%s\n' "${results[@]}"
exit $failed
