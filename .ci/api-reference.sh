#!/usr/bin/env bash
# Writes docs/api, the reference of every public type, from the built assemblies and their XML documentation.
#
#   .ci/api-reference.sh      then review `git diff docs/api`
#
# A test of the default suite fails while the code and these pages differ.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

FUSIONKERNELS_WRITE_PAGES=1 dotnet test tests/FusionKernels.Tests -c Release --filter "FullyQualifiedName~ApiReferenceTests"
