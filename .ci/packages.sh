#!/usr/bin/env bash
# Packs the three packages, runs the tests that look into them, and uses them as somebody would who has nothing
# else: a new console program with the README's first snippet, and the tool.
#
#   .ci/packages.sh           leaves the packages in artifacts/packages
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

version=$(dotnet msbuild managed/FusionKernels/FusionKernels.csproj -getProperty:Version)
work=$(mktemp -d "${TMPDIR:-/tmp}/fusionkernels-packages.XXXXXX")
trap 'rm -rf "$work"' EXIT

# Within the repository, whose folder the symbols do not name: built elsewhere, the packages would differ by where.
readonly build=$PWD/artifacts/packages-build
rm -rf "$packages" "$build"
for project in kernels managed/FusionKernels managed/FusionKernels.Cli; do
    dotnet pack "$project" -c Release -o "$packages" -v quiet --nologo -p:RunAnalyzers=false --artifacts-path "$build"
done
FUSIONKERNELS_PACKAGES=$packages dotnet test tests/FusionKernels.Tests -c Release --nologo -v quiet --filter "FullyQualifiedName~PackageTests" ||
    fail "the packages do not hold what they should"

# Beside the sources that the symbols hold, they lead to where the repository is, once it has an address that SourceLink knows.
readonly address=https://github.com/example/fusionkernels
git clone -q . "$work/linked"
git -C "$work/linked" remote set-url origin "$address.git"
dotnet build "$work/linked/kernels" -c Release -v quiet --nologo -p:RunAnalyzers=false
grep -aqF "${address/github.com/raw.githubusercontent.com}/$(git rev-parse HEAD)/*" "$work/linked/kernels/bin/Release/net10.0/FusionKernels.Kernels.pdb" ||
    fail "the symbols do not lead to the repository"

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
