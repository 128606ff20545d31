#!/usr/bin/env bash
# Makes a Debian 13 root with PoCL 6, an OpenCL device on the CPU, and prints its folder.
#
#   .ci/opencl-root.sh
#
# Debian 12's PoCL 3.1 lacks the generic address space that ILGPU needs, so machines older than Debian 13
# run the OpenCL suites inside this root (.ci/opencl-run.sh). It is made once, about 650 MB, and kept in
# ${XDG_CACHE_HOME:-$HOME/.cache}/fusionkernels; FUSIONKERNELS_OPENCL_ROOT names another folder and
# FUSIONKERNELS_DEBIAN_MIRROR another mirror than the one of the machine's apt sources.
set -euo pipefail
export PATH=$PATH:/usr/sbin:/sbin

readonly suite=trixie
readonly packages=ocl-icd-opencl-dev,pocl-opencl-icd,libgomp1,libstdc++6,libicu76,ca-certificates
readonly recipe="$suite $packages"
readonly root=${FUSIONKERNELS_OPENCL_ROOT:-${XDG_CACHE_HOME:-$HOME/.cache}/fusionkernels/opencl-root-$suite}
readonly stamp=$root/.fusionkernels-recipe
readonly keyring=/usr/share/keyrings/debian-archive-keyring.gpg

fail() {
    echo "opencl-root: $*" >&2
    exit 1
}

is_current() {
    [[ -f $stamp && $(<"$stamp") == "$recipe" ]]
}

apt() {
    command -v apt-get >/dev/null || fail "there is no apt-get; install debootstrap and debian-archive-keyring and set FUSIONKERNELS_DEBIAN_MIRROR"
    if ! DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 "$@" >"$root.log" 2>&1; then
        tail -n 20 "$root.log" >&2
        fail "apt-get $1 failed; its whole log is $root.log"
    fi
}

has_debootstrap() {
    command -v debootstrap >/dev/null && [[ -f $keyring ]]
}

# The mirror from which apt itself takes Debian, so that a machine's own choice holds here too.
debian_mirror() {
    if [[ -n ${FUSIONKERNELS_DEBIAN_MIRROR:-} ]]; then
        echo "$FUSIONKERNELS_DEBIAN_MIRROR"
        return
    fi
    command -v apt-get >/dev/null || return 0
    # shellcheck disable=SC2016 # apt fills these in
    apt-get indextargets --format '$(ORIGIN)|$(LABEL)|$(COMPONENT)|$(REPO_URI)' 'Created-By: Packages' |
        awk -F'|' '$1 == "Debian" && $2 == "Debian" && $3 == "main" && !found { print $4; found = 1 }'
}

[[ $EUID -eq 0 ]] || fail "making a Debian root needs root; run it with sudo, or install pocl-opencl-icd and ocl-icd-opencl-dev on Debian 13 or newer"

mkdir -p "$(dirname "$root")"
# One maker at a time; the others wait and then find the root made.
exec 9>"$root.lock"
flock 9
if is_current; then
    echo "$root"
    exit 0
fi

# Only a root of an older recipe is replaced; anything else standing there belongs to somebody.
[[ ! -e $root || -f $stamp ]] || fail "$root exists and is no root of this script; name another folder in FUSIONKERNELS_OPENCL_ROOT"

mirror=$(debian_mirror)
if [[ -z $mirror ]] || ! has_debootstrap; then
    apt update
    has_debootstrap || apt install -y --no-install-recommends debootstrap debian-archive-keyring
    mirror=$(debian_mirror)
fi
[[ -n $mirror ]] || fail "apt's sources name no Debian mirror; set FUSIONKERNELS_DEBIAN_MIRROR"

# Built beside its final place and renamed, so that a root is either whole or absent.
rm -rf --one-file-system "$root".new.*
fresh=$(mktemp -d "$root.new.XXXXXX")
trap 'rm -rf --one-file-system "$fresh"' EXIT
echo "opencl-root: making $root ($suite, $packages)" >&2
if ! debootstrap --variant=minbase --keyring="$keyring" --include="$packages" "$suite" "$fresh" "$mirror" >"$root.log" 2>&1; then
    tail -n 20 "$root.log" "$fresh/debootstrap/debootstrap.log" >&2 2>/dev/null || true
    fail "debootstrap failed; its whole log is $root.log"
fi
rm -rf "$fresh"/var/cache/apt/archives/*.deb "$fresh"/var/lib/apt/lists/* "$fresh"/usr/share/doc/* "$fresh"/usr/share/man/*
chmod 755 "$fresh"
echo "$recipe" >"$fresh/.fusionkernels-recipe"
[[ ! -e $root ]] || rm -rf --one-file-system "$root"
mv -T "$fresh" "$root"
echo "$root"
