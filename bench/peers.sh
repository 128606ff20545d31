#!/usr/bin/env bash
# Builds bench/FusionKernels.Peers and runs it beside libtorch, OpenBLAS, ARPACK, NumPy, scikit-learn, Math.NET Numerics, dtaidistance,
# the UCR Suite and libsvm.
#
#   bench/peers.sh [--rounds N] [--filter TEXT]... [--machine NAME] [--output FOLDER] [--tiny]
#
# The last three are compiled here, with `cc -O3 -march=native`, into a folder that vanishes afterwards, from sources that the
# environment names: DTAIDISTANCE_SOURCE a checkout of dtaidistance, UCR_SUITE_SOURCE the folder of the UCR Suite's UCR_DTW.cpp,
# LIBSVM_SOURCE the folder of libsvm's svm.cpp.
# Where a variable is not set, that library's rows say so.
#
# libtorch needs the C++ library of Debian 13 or newer. On an older system it all runs in the root of
# .ci/opencl-root.sh, in which OpenBLAS, ARPACK, NumPy and scikit-learn are installed at first use; on a newer one it
# runs as it is, with OpenBLAS and ARPACK where `libopenblas.so.0` and `libarpack.so.2` are installed (Debian:
# libopenblas0-pthread, libarpack2t64). Without them their rows say so; so do those of NumPy and scikit-learn where
# python3 has none (Debian: python3-numpy, python3-sklearn).
set -euo pipefail
# Named before the folder changes.
for source in DTAIDISTANCE_SOURCE UCR_SUITE_SOURCE LIBSVM_SOURCE; do
    if [[ -n ${!source:-} ]]; then declare "$source=$(realpath -m "${!source}")"; fi
done
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly project=bench/FusionKernels.Peers
readonly program=$project/bin/Release/net10.0/linux-x64/FusionKernels.Peers.dll
readonly native=$project/Native
readonly flags=(-O3 -march=native -shared -fPIC)

fail() {
    echo "peers: $*" >&2
    exit 1
}

# Debian 13 and the other systems with a C++ library of GCC 13 have a C library of 2.38 or newer.
has_recent_libraries() {
    printf '%s\n' 2.38 "$(getconf GNU_LIBC_VERSION | cut -d' ' -f2)" | sort -VC
}

# What stands in the results as a compiled library's version: the start of its source's hash, and the compiler.
describe() {
    printf 'source %s, %s %s' "$(sha256sum "$1" | cut -c1-12)" "$2" "$("$2" -dumpfullversion)"
}

# dtaidistance has moved its C from version to version: what is sought is the folder of dd_dtw.c.
compile_dtaidistance() {
    local file folder
    file=$(find "$DTAIDISTANCE_SOURCE" -name dd_dtw.c -print -quit)
    [[ -n $file ]] || fail "DTAIDISTANCE_SOURCE has no dd_dtw.c below it: $DTAIDISTANCE_SOURCE"
    folder=$(dirname "$file")
    cc "${flags[@]}" -I"$folder" "$native/dtaidistance.c" "$folder"/dd_{dtw,ed,globals}.c -lm -o "$libraries/libdtaidistance.so"
    describe "$file" cc >"$libraries/libdtaidistance.so.version"
}

# Its own warnings are its own matter.
compile_ucr_suite() {
    [[ -f $UCR_SUITE_SOURCE/UCR_DTW.cpp ]] || fail "UCR_SUITE_SOURCE has no UCR_DTW.cpp: $UCR_SUITE_SOURCE"
    c++ "${flags[@]}" -w -I"$UCR_SUITE_SOURCE" "$native/ucr_suite.cpp" -o "$libraries/libucr_suite.so"
    describe "$UCR_SUITE_SOURCE/UCR_DTW.cpp" c++ >"$libraries/libucr_suite.so.version"
}

compile_libsvm() {
    [[ -f $LIBSVM_SOURCE/svm.cpp ]] || fail "LIBSVM_SOURCE has no svm.cpp: $LIBSVM_SOURCE"
    c++ "${flags[@]}" -w -I"$LIBSVM_SOURCE" "$native/libsvm.cpp" "$LIBSVM_SOURCE/svm.cpp" -o "$libraries/libsvm.so"
    describe "$LIBSVM_SOURCE/svm.cpp" c++ >"$libraries/libsvm.so.version"
}

libraries=$(mktemp -d)
readonly libraries
trap 'rm -rf "$libraries"' EXIT
if [[ -n ${DTAIDISTANCE_SOURCE:-} ]]; then compile_dtaidistance; fi
if [[ -n ${UCR_SUITE_SOURCE:-} ]]; then compile_ucr_suite; fi
if [[ -n ${LIBSVM_SOURCE:-} ]]; then compile_libsvm; fi
export FUSIONKERNELS_PEER_LIBRARIES=$libraries
# The processor's own kernels, whatever a machine has set for older builds of OpenBLAS.
unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE

# No build server may stay behind and take a core from what is measured.
MSBUILDDISABLENODEREUSE=1 dotnet build "$project" --nologo -v quiet -c Release -r linux-x64 --no-self-contained \
    -p:UseSharedCompilation=false >&2

if has_recent_libraries; then
    dotnet "$program" "$@"
    exit
fi
export FUSIONKERNELS_OPENCL_BIND=${FUSIONKERNELS_OPENCL_BIND:+$FUSIONKERNELS_OPENCL_BIND:}$libraries
# A folder of results may lie where the root has one of its own, as /tmp.
for ((i = 1; i < $#; i++)); do
    if [[ ${!i} == --output ]]; then
        next=$((i + 1))
        mkdir -p "${!next}"
        FUSIONKERNELS_OPENCL_BIND+=:$(realpath "${!next}")
    fi
done
# Asks for ARPACK only once OpenBLAS is there, which is its BLAS then.
for library in x86_64-linux-gnu/libopenblas.so.0:libopenblas0-pthread x86_64-linux-gnu/libarpack.so.2:libarpack2t64 python3/dist-packages/numpy:python3-numpy python3/dist-packages/sklearn:python3-sklearn; do
    if ! .ci/opencl-run.sh /bin/sh -c "test -e /usr/lib/${library%:*}"; then
        .ci/opencl-run.sh apt-get -qq update >&2
        .ci/opencl-run.sh apt-get -qq install -y --no-install-recommends "${library#*:}" >&2
    fi
done
.ci/opencl-run.sh dotnet "$program" "$@"
