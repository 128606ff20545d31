#!/usr/bin/env bash
# Draws the pictures of docs with the tool and the bundled digits alone.
#
#   .ci/pictures.sh [FOLDER]     then look at them; docs unless another folder is named
#
# TOOL names a built FusionKernels.Cli.dll; without it the tool is built.
# The same machine draws the same bytes. Learned curves depend on the SIMD width in their last digits.
set -euo pipefail
docs=$(realpath -m "${1:-$(dirname "${BASH_SOURCE[0]}")/../docs}")
cd "$(dirname "${BASH_SOURCE[0]}")/.."
readonly root=$PWD docs digits=$PWD/managed/FusionKernels.Cli/Data/digits.csv
readonly machine=amd-epyc-zen3-2core

[[ -n ${TOOL:-} ]] || dotnet build managed/FusionKernels.Cli -c Release -v quiet --nologo
fusionkernels() { dotnet "${TOOL:-$root/managed/FusionKernels.Cli/bin/Release/net10.0/FusionKernels.Cli.dll}" "$@" >/dev/null; }

work=$(mktemp -d "${TMPDIR:-/tmp}/fusionkernels-pictures.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir -p "$docs"
cd "$work"

# Rows of some classes of the digits: pixels, and a class a line beside them. take FROM COUNT CLASSES NAME
take() {
    awk -F, -v from="$1" -v most="$2" -v classes="$3" '$65 < classes && seen[$65]++ >= from && taken[$65]++ < most' "$digits" >rows
    cut -d, -f1-64 rows >"$4.csv"
    cut -d, -f65 rows >"$4-class.csv"
}

# A drawing of a page as a file of its own, with the page's colours. cut_picture PAGE BEGINNING FILE
cut_picture() {
    local style
    style="$(grep -E '^ *(:root|@media\(prefers-color-scheme:dark\)\{:root)' "$1" | tr -d '\n')svg{background:var(--card);font:16px system-ui,-apple-system,\"Segoe UI\",Roboto,Arial,sans-serif}text{fill:var(--ink)}.soft{fill:var(--soft)}"
    grep -zoP "$2.*?</svg>" "$1" | tr '\0' '\n' >"$3"
    [[ -s $3 ]] || {
        echo "pictures: $1 has no drawing '$2'" >&2
        exit 1
    }
    grep -q xmlns "$3" || sed -i "1s|<svg \([^>]*\)>|<svg xmlns=\"http://www.w3.org/2000/svg\" \1><style>$style</style>|" "$3"
}

# Two heartbeats of different pace.
awk 'BEGIN { for (t = 0; t < 60; t++) print exp(-((t - 15) / 4) ^ 2) + 0.6 * exp(-((t - 38) / 6) ^ 2) - 0.3 * exp(-((t - 22) / 3) ^ 2) }' >a.csv
awk 'BEGIN { for (t = 0; t < 75; t++) print exp(-((t - 26) / 6) ^ 2) + 0.6 * exp(-((t - 56) / 5) ^ 2) - 0.3 * exp(-((t - 35) / 4) ^ 2) }' >b.csv
fusionkernels dtw a.csv b.csv --window 26 --plot "$docs/warping.svg"
fusionkernels soft-dtw a.csv b.csv --gamma 0.01 --window 26 --plot "$docs/warping-soft.svg"

# Two humps under noise.
awk 'BEGIN { for (t = 0; t < 140; t++) print exp(-((t - 38) / 9) ^ 2) + 0.6 * exp(-((t - 92) / 14) ^ 2) + 0.12 * sin(1.7 * t * t) }' >wave.csv
fusionkernels moving wave.csv --window 9 --plot "$docs/moving.svg"

take 0 15 10 digits
fusionkernels similarity digits.csv digits.csv --metric rbf --gamma 0.001 --labels-a digits-class.csv --labels-b digits-class.csv --plot "$docs/grams.svg"
take 0 10 3 a
take 10 10 3 b
fusionkernels similarity a.csv b.csv --assign --labels-a a-class.csv --labels-b b-class.csv --plot "$docs/matching.svg"

take 0 100 10 digits
fusionkernels svd digits.csv --plot "$docs/decompositions.svg"

# Queries and keys that know their place: sines and cosines of it. Times the identity they become .npy files.
awk 'BEGIN { for (t = 0; t < 48; t++) print 2.2 * sin(t / 2), 2.2 * cos(t / 2), 1.4 * sin(t / 20), 1.4 * cos(t / 20) }' OFS=, >place.csv
printf '1,0,0,0\n0,1,0,0\n0,0,1,0\n0,0,0,1\n' >identity.csv
fusionkernels gram place.csv identity.csv --kernel linear --output q.npy
fusionkernels attention q.npy q.npy q.npy --output o.npy --causal bottom-right --plot "$docs/attention.svg"

# The upper and the lower half of each image as two views.
take 0 100 10 all
cut -d, -f1-32 all.csv >upper.csv
cut -d, -f33-64 all.csv >lower.csv
fusionkernels cca upper.csv lower.csv --plot "$docs/correlation.svg"
# A parabola: no line fits it. Steps of the golden section and sines of squares stand for chance.
awk 'BEGIN { for (i = 0; i < 240; i++) print 2 * ((i * 0.6180339887) % 1) - 1, sin(11 * i * i + 1) }' OFS=, >bent-x.csv
awk 'BEGIN { for (i = 0; i < 240; i++) print (2 * ((i * 0.6180339887) % 1) - 1) ^ 2 + 0.2 * sin(37 * i * i), sin(5 * i * i + 2) }' OFS=, >bent-y.csv
fusionkernels kcca bent-x.csv bent-y.csv --kernel rbf --gamma 0.5 --plot "$docs/correlation-kernels.svg"
fusionkernels align --method contrastive upper.csv lower.csv --labels all-class.csv --epochs 60 --seed 1 --report align.html
cut_picture align.html '<svg [^>]*><title>Loss by epoch' "$docs/learning.svg"
fusionkernels align --method graph upper.csv lower.csv --labels all-class.csv --epochs 40 --seed 1 --report graph.html
cut_picture graph.html '<svg [^>]*><title>Cosine in the common space' "$docs/graphs.svg"
fusionkernels fuse --view upper=upper.csv --view lower=lower.csv --labels all-class.csv --strategy concat,kernel-mean,soft-vote --folds 5 --seed 1 --missing .15,.3,.5 --report fuse.html
cut_picture fuse.html '<svg [^>]*aria-label="Lines of scores' "$docs/fusion.svg"

fusionkernels compare "$root/bench/results/$machine/quick.json" --html compare.html
cut_picture compare.html '<svg [^>]*aria-label="Roofline of [^"]*, host"' "$docs/roofline.svg"
cut_picture compare.html '<svg [^>]*aria-label="Bars of peak in products of [^"]*, host"' "$docs/products.svg"
