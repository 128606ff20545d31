#!/usr/bin/env bash
# Writes the public API, as it stands in the code, into the PublicAPI.Unshipped.txt files.
#
#   .ci/public-api.sh         then review `git diff '*PublicAPI*'`: it is the change a caller sees
#
# The build fails (RS0016, RS0017) while the code and these files differ. At a release the lines move to
# PublicAPI.Shipped.txt, and what stands there may no longer be changed or removed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

for project in kernels/FusionKernels.Kernels.csproj managed/FusionKernels/FusionKernels.csproj; do
    api=$(dirname "$project")/PublicAPI.Unshipped.txt
    dotnet restore -v quiet "$project"
    echo '#nullable enable' >"$api"
    dotnet format analyzers "$project" --no-restore --severity warn --diagnostics RS0016 -v quiet
    # One order whatever stood there before, so that a diff shows changes only.
    { echo '#nullable enable'; grep -v '^#' "$api" | LC_ALL=C sort; } >"$api.sorted"
    mv "$api.sorted" "$api"
done
