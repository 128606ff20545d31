#!/usr/bin/env bash
# Builds bench/FusionKernels.Peers and runs it beside libtorch, OpenBLAS and Math.NET Numerics.
#
#   bench/peers.sh [--rounds N] [--machine NAME] [--output FOLDER] [--tiny]
#
# libtorch needs the C++ library of Debian 13 or newer. On an older system it all runs in the root of
# eng/opencl-root.sh, in which OpenBLAS is installed at first use; on a newer one it runs as it is, with
# OpenBLAS where `libopenblas.so.0` is installed (Debian: libopenblas0-pthread). Without it its rows say so.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly project=bench/FusionKernels.Peers
readonly program=$project/bin/Release/net10.0/linux-x64/FusionKernels.Peers.dll

# Debian 13 and the other systems with a C++ library of GCC 13 have a C library of 2.38 or newer.
has_recent_libraries() {
    printf '%s\n' 2.38 "$(getconf GNU_LIBC_VERSION | cut -d' ' -f2)" | sort -VC
}

# No build server may stay behind and take a core from what is measured.
MSBUILDDISABLENODEREUSE=1 dotnet build "$project" --nologo -v quiet -c Release -r linux-x64 --no-self-contained \
    -p:UseSharedCompilation=false >&2

if has_recent_libraries; then
    exec dotnet "$program" "$@"
fi
if ! eng/opencl-run.sh /bin/sh -c 'test -e /usr/lib/x86_64-linux-gnu/libopenblas.so.0'; then
    eng/opencl-run.sh apt-get -qq update >&2
    eng/opencl-run.sh apt-get -qq install -y --no-install-recommends libopenblas0-pthread >&2
fi
exec eng/opencl-run.sh dotnet "$program" "$@"
