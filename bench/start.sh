#!/usr/bin/env bash
# Measures starts of an installed Waybill from a cold disk cache: from the command to the answer of a query of jobs, in milliseconds; and the processor
# time that it had until then, which other programs on the machine do not change.
#
#   bench/start.sh <folder with node_modules/waybill> [<node>] [<number of starts>]
#
# It takes root, to drop the caches of the whole machine. On Node 22.8 and later the first start has no compiled code, the others have it.
set -euo pipefail

folder=$(readlink -f "$1")
node=$(readlink -f "${2:-$(command -v node)}")
starts=${3:-5}
port=4900
query='{"query":"{ jobs(first: 1) { nodes { id state } } }"}'

ask() { curl --silent --fail --max-time 2 --header 'content-type: application/json' --data "$query" "http://127.0.0.1:$port/graphql"; }
now() { date +%s%3N; }

cd "$folder"
echo "$("$node" --version), $(nproc) cores, load $(cut -d' ' -f1 /proc/loadavg)"
rm -rf node_modules/waybill/node_modules/.cache
for start in $(seq "$starts"); do
  data=$(mktemp -d)
  sync
  echo 3 >/proc/sys/vm/drop_caches
  # What measures is not part of what is measured.
  ask >/dev/null || true
  sleep 0.2
  began=$(now)
  PORT=$port WAYBILL_DATA_DIR=$data WAYBILL_LOG_LEVEL=silent "$node" node_modules/waybill/dist/main.js >"$data/log" 2>&1 &
  gateway=$!
  until ask >/dev/null; do
    kill -0 "$gateway" || { cat "$data/log"; exit 1; }
    sleep 0.01
  done
  took=$(($(now) - began))
  # Hundredths of a second, user and system (proc_pid_stat(5)).
  read -r -a stat <"/proc/$gateway/stat"
  echo "start $start: $took ms, processor $(((stat[13] + stat[14]) * 10)) ms"
  kill -TERM "$gateway"
  wait "$gateway" || true
  rm -rf "$data"
done
