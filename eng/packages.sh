#!/usr/bin/env bash
# Packs the three packages, looks into them, and uses them as somebody would who has nothing else: a new console program
# with the README's first snippet, and the tool.
#
#   eng/packages.sh           leaves the packages in artifacts/packages
#
# The packages they depend on come from the sources that NuGet is set up with.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly packages=$PWD/artifacts/packages
readonly names=(FusionKernels.Kernels FusionKernels FusionKernels.Cli)

fail() {
    echo "packages: $*" >&2
    exit 1
}

# What a package must hold, as names of its entries end.
check() {
    local name=$1 file=$packages/$1.$version.nupkg entries want
    [[ -f $file ]] || fail "there is no $file"
    entries=$(unzip -Z1 "$file")
    shift
    for want in README.md LICENSE "$name.nuspec" "$@"; do
        grep -q "$want\$" <<<"$entries" || fail "$name has no $want"
    done
    unzip -p "$file" "$name.nuspec" | grep -q '<license type="expression">MIT</license>' || fail "$name does not state its licence"
    ! unzip -p "$file" "$name.nuspec" | grep -q "$PWD" || fail "$name names this folder"
}

command -v unzip >/dev/null || fail "unzip is needed"
version=$(dotnet msbuild managed/FusionKernels/FusionKernels.csproj -getProperty:Version)
work=$(mktemp -d "${TMPDIR:-/tmp}/fusionkernels-packages.XXXXXX")
trap 'rm -rf "$work"' EXIT

rm -rf "$packages"
for project in kernels managed/FusionKernels managed/FusionKernels.Cli; do
    dotnet pack "$project" -c Release -o "$packages" -v quiet --nologo -p:RunAnalyzers=false --artifacts-path "$work/build"
done
for name in "${names[@]:0:2}"; do
    check "$name" "lib/net10.0/$name.dll" "lib/net10.0/$name.xml"
    [[ -f $packages/$name.$version.snupkg ]] || fail "$name has no symbols"
done
check FusionKernels.Cli DotnetToolSettings.xml tools/net10.0/any/FusionKernels.Cli.dll

# Packages of this version that were unpacked before are not these.
export NUGET_PACKAGES=$work/unpacked
mkdir "$work/program"
cd "$work/program"
dotnet new console --framework net10.0 --no-restore >/dev/null
dotnet add package FusionKernels --version "$version" --source "$packages" --no-restore >/dev/null
{
    echo 'using FusionKernels;'
    echo 'using System.Numerics.Tensors;'
    echo 'Npy.Write("x.npy", Tensor.Create<float>([0, 0, 3, 4], [2, 2]));'
    sed -n '/^```csharp FirstGram$/,/^```$/p' "$OLDPWD/README.md" | sed '1d;$d'
    echo 'Console.WriteLine(k[0, 1].ToString("0.0000", System.Globalization.CultureInfo.InvariantCulture));'
} >Program.cs
dotnet restore --source "$packages" $(dotnet nuget list source --format Short | sed -n 's/^E \(.*\)/--source \1/p') -v quiet
result=$(dotnet run -c Release --no-restore)
[[ $result == 0.0821 ]] || fail "the README's first snippet answers '$result', not exp(-2.5)"

cd "$OLDPWD"
dotnet tool install FusionKernels.Cli --version "$version" --tool-path "$work/tool" --add-source "$packages" >/dev/null
"$work/tool/fusionkernels" devices | grep -q host || fail "the installed tool does not list the host"
"$work/tool/fusionkernels" selftest --device host >/dev/null || fail "the installed tool fails its self-test"
echo "packages: ${names[*]} $version hold what they should; a new program and the installed tool work"
