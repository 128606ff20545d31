#!/usr/bin/env bash
# Publishes the tool, the tests and the benchmarks for linux-x64 as one archive that needs no .NET.
#
#   .ci/publish.sh            prints the archive: artifacts/fusionkernels-VERSION-linux-x64.tar.xz
#
# Unpacked, it holds ./fusionkernels, ./run-tests.sh [FILTER [ARGUMENT...]] and, where the repository has
# benchmarks, ./bench. Each program has its own folder with the whole runtime; equal files are hard links,
# so that the runtime is packed once.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly rid=linux-x64
readonly work=artifacts/publish
readonly cli=managed/FusionKernels.Cli/FusionKernels.Cli.csproj
readonly tests=tests/FusionKernels.Tests/FusionKernels.Tests.csproj
readonly bench=bench/FusionKernels.Bench/FusionKernels.Bench.csproj

version=$(dotnet msbuild "$cli" -getProperty:Version)
readonly name=fusionkernels-$version-$rid
readonly stage=$work/$name
readonly archive=artifacts/$name.tar.xz

# Build outputs go beside the archive, so that the repository's own bin and obj stay as they are.
publish() {
    local project=$1 folder=$2
    shift 2
    dotnet publish "$project" --nologo -v quiet -c Release -r "$rid" --self-contained \
        --artifacts-path "$work/build" -o "$stage/$folder" -p:DebugType=embedded -p:ContinuousIntegrationBuild=true "$@" >&2
}

# A program of the archive's top folder that starts FOLDER/PROGRAM from wherever it is called.
launcher() {
    local script=$stage/$1 before=$2 program=$3 arguments=$4
    cat >"$script" <<LAUNCHER
#!/bin/sh
here=\$(cd "\$(dirname "\$(readlink -f "\$0")")" && pwd -P)
${before}exec "\$here/$program" $arguments
LAUNCHER
    chmod 755 "$script"
}

link_equal_files() {
    local hash file previous_hash='' previous_file=''
    while read -r hash file; do
        if [[ $hash == "$previous_hash" ]]; then
            ln -f "$previous_file" "$file"
        else
            previous_hash=$hash previous_file=$file
        fi
    done < <(find "$1" -mindepth 2 -type f -exec sha256sum {} + | sort)
}

rm -rf "$stage"
mkdir -p "$stage"
publish "$cli" tool
# The tests carry their own runner here; in the repository `dotnet test` runs them.
publish "$tests" tests -p:EnableNUnitRunner=true
launcher fusionkernels '' tool/FusionKernels.Cli '"$@"'
default_filter=$(dotnet msbuild "$tests" -getProperty:VSTestTestCaseFilter)
# shellcheck disable=SC2016 # for the launcher to expand
launcher run-tests.sh "filter=\${1:-$default_filter}
[ \$# -eq 0 ] || shift
export TESTINGPLATFORM_TELEMETRY_OPTOUT=1
" tests/FusionKernels.Tests '--filter "$filter" "$@"'
if [[ -f $bench ]]; then
    publish "$bench" benchmarks
    launcher bench '' benchmarks/FusionKernels.Bench '"$@"'
fi
cp LICENSE README.md "$stage"

link_equal_files "$stage"
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$(git log -1 --format=%ct)" \
    -C "$work" -cf - "$name" | xz -T0 >"$archive.part"
mv "$archive.part" "$archive"
echo "$archive"
