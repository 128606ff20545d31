#!/usr/bin/env bash
# Runs a command in the Debian 13 root of .ci/opencl-root.sh, where ILGPU finds PoCL as an OpenCL device.
#
#   .ci/opencl-run.sh dotnet test -c Release --no-build
#
# The command runs in the folder it is called from. The repository, that folder, the .NET installation and
# the NuGet cache stand at their usual paths; further folders go into FUSIONKERNELS_OPENCL_BIND, separated
# by colons. /tmp is private and empty, $HOME is the root's own (so PoCL's compiled kernels are kept with
# it). Everything is mounted in a mount namespace and vanishes with the command, whose exit code is kept.
set -euo pipefail
export PATH=$PATH:/usr/sbin:/sbin

fail() {
    echo "opencl-run: $*" >&2
    exit 1
}

[[ $# -gt 0 ]] || fail "no command given; usage: .ci/opencl-run.sh COMMAND [ARGUMENT...]"
[[ $EUID -eq 0 ]] || fail "entering the OpenCL root needs root; run it with sudo, or run the command itself where OpenCL is installed"

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
root=$("$here/opencl-root.sh")

shared=("$(dirname "$here")" "$(pwd -P)")
search=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
if dotnet=$(command -v dotnet); then
    dotnet_root=$(dirname "$(readlink -f "$dotnet")")
    nuget=${NUGET_PACKAGES:-$HOME/.nuget/packages}
    mkdir -p "$nuget"
    shared+=("$dotnet_root" "$nuget")
    search=$dotnet_root:$search
    export DOTNET_ROOT=$dotnet_root NUGET_PACKAGES=$nuget
fi
if [[ -n ${FUSIONKERNELS_OPENCL_BIND:-} ]]; then
    IFS=: read -ra more <<<"$FUSIONKERNELS_OPENCL_BIND"
    shared+=("${more[@]}")
fi

# These name files of the machine outside, which the root does not have.
unset LD_LIBRARY_PATH LD_PRELOAD SSL_CERT_FILE SSL_CERT_DIR XDG_CACHE_HOME XDG_CONFIG_HOME XDG_DATA_HOME XDG_RUNTIME_DIR
export HOME=/root TMPDIR=/tmp

# shellcheck disable=SC2016 # expanded by the shell inside the namespace
exec unshare --mount --propagation private bash -euc '
    root=$1 search=$2 folder=$3 count=$4
    shift 4
    mount -t proc proc "$root/proc"
    mount --rbind /sys "$root/sys"
    mount --rbind /dev "$root/dev"
    mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
    for path in "${@:1:count}"; do
        mkdir -p "$root$path"
        mount --bind "$path" "$root$path"
    done
    shift "$count"
    exec chroot "$root" /usr/bin/env PATH="$search" /bin/bash -c "cd \"\$0\" && exec \"\$@\"" "$folder" "$@"
' opencl-run "$root" "$search" "$(pwd -P)" "${#shared[@]}" "${shared[@]}" "$@"
