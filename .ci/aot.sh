#!/usr/bin/env bash
# Publishes samples/HostOnly as native code, without a warning, runs it, and tells its size and start-up time.
#
#   .ci/aot.sh                leaves the program in artifacts/aot/HostOnly
#
# Needs a C compiler as linker; where there is none, and none can be installed, it says so and ends well, unless CI is set.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly work=artifacts/aot

fail() {
    echo "aot: $*" >&2
    exit 1
}

if ! command -v clang >/dev/null && ! command -v gcc >/dev/null; then
    [[ $(id -u) -ne 0 ]] || { apt-get -qq update && apt-get -qq install -y gcc libc6-dev; } >/dev/null 2>&1 || true
fi
linker=$(basename "$(command -v clang || command -v gcc || true)")
if [[ -z $linker ]]; then
    [[ ${CI:-} != true ]] || fail "there is no clang or gcc to link with"
    echo "aot: skipped: there is no clang or gcc to link with"
    exit 0
fi

rm -rf "$work"
mkdir -p "$work"
# A line for every warning, not one for each assembly: nothing may hide.
if ! dotnet publish samples/HostOnly -c Release --nologo -v quiet -o "$work/HostOnly" \
    -p:CppCompilerAndLinker="$linker" -p:TrimmerSingleWarn=false >"$work/log" 2>&1; then
    cat "$work/log" >&2
    fail "publishing failed"
fi
! grep -E 'warning (IL|CS|CA)[0-9]+' "$work/log" || fail "publishing warned"

program=$work/HostOnly/HostOnly
[[ ! -e $work/HostOnly/ILGPU.dll ]] || fail "ILGPU lies beside the program"
"$program" >"$work/printed" || { cat "$work/printed" >&2; fail "the program answers wrongly"; }
[[ $(grep -c '^ok ' "$work/printed") -ge 5 && $(grep -c refused "$work/printed") -eq 3 ]] || { cat "$work/printed" >&2; fail "the program prints something else"; }
cat "$work/printed"

# The least of a few runs: how long the whole program takes, from start to exit.
least=999999
for _ in 1 2 3 4 5 6 7 8 9 10; do
    began=$(date +%s%N)
    "$program" >/dev/null
    took=$((($(date +%s%N) - began) / 1000))
    ((took < least)) && least=$took
done
printf 'aot: one file of %.1f MB; starts, computes all of the above and ends in %.1f ms\n' \
    "$(stat -c %s "$program" | awk '{ print $1 / 1e6 }')" "$(awk "BEGIN { print $least / 1000 }")"
