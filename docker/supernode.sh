#!/bin/sh
# Starts a node. With PARTITION it is one of the three clients of the generated data that the image has, and its state
# is made once, where the volume has none: that is safe for generated rows alone. Without PARTITION no state is made: of
# real rows their owner makes it, and one that is lost must be missed, not made again.
set -eu
if [ -n "${PARTITION:-}" ]; then
  for data in 2d 10d; do
    rows=/data/$data/client_$PARTITION.npz state=/state/$data
    if [ -z "$(ls -A "$state" 2>/dev/null)" ]; then
      echo "No state in $state: grouping the rows of $rows, this once"
      fedkmeans groups "$rows" --state-dir "$state" --label-column y
    fi
  done
  export FEDKMEANS_PARTITION_ID="$PARTITION" FEDKMEANS_NUM_PARTITIONS=3
fi
exec flower-supernode "$@"
