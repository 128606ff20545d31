#!/usr/bin/env python3
"""Times PyTorch and CuPy on a GPU at what `bench --quick --device cuda` times, and prints one JSON object.

    python3 bench/peers_gpu.py [--rows 50000] [--features 128] [--edge 8192] [--items 64] [--runs 15] [--device 0]

Cases: the float32 product of two square matrices (TF32 off), and the RBF Gram matrix of rows that are on the GPU,
exp(-gamma |x - y|^2), as one line of PyTorch (cdist), as a product with passes over its result (PyTorch, in place), and as
a product with one fused elementwise kernel (CuPy), and PyTorch's scaled_dot_product_attention of items x 8 heads x 1024
queries and keys x 64 in float32: forward, causal, and with gradients; forward as well of 4 x 16 x 4096 x 64 and x 128,
and of 512 x 8 x 48 x 32. Every time is wall time between synchronisations, as in the
benchmarks; results stay on the GPU. A library that is absent is named with the reason. Run it right before or after
the benchmark, with nothing else on the GPU.
"""

import argparse
import json
import statistics
import sys
import time


def measure(run, synchronize, runs):
    """Median and best seconds of a call; the first two warm up."""
    for _ in range(2):
        run()
    synchronize()
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        run()
        synchronize()
        times.append(time.perf_counter() - started)
    return {"seconds": statistics.median(times), "bestSeconds": min(times), "runs": runs}


def reference(rows, gamma):
    """exp(-gamma |a - b|^2) of the first row of `rows` against each, in float64."""
    first = rows[0]
    return [2.718281828459045 ** (-gamma * sum((a - b) ** 2 for a, b in zip(first, row))) for row in rows]


def deviation(found, expected):
    return max(abs(a - b) for a, b in zip(found, expected))


def row_of(case, shape, library, timing, flops, error=None):
    return {
        "case": case,
        "shape": shape,
        "library": library,
        **timing,
        "gflops": flops / timing["seconds"] / 1e9,
        "maxError": error,
    }


def torch_rows(options):
    import torch

    if not torch.cuda.is_available():
        raise ImportError("torch finds no CUDA device")
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.set_float32_matmul_precision("highest")
    device = torch.device("cuda", options.device)
    torch.cuda.set_device(device)
    generator = torch.Generator(device=device).manual_seed(1)

    def synchronize():
        torch.cuda.synchronize(device)

    rows = []
    edge = options.edge
    a = torch.rand(edge, edge, device=device, generator=generator) * 2 - 1
    b = torch.rand(edge, edge, device=device, generator=generator) * 2 - 1
    c = torch.empty(edge, edge, device=device)
    timing = measure(lambda: torch.matmul(a, b, out=c), synchronize, options.runs)
    rows.append(row_of("gemm", f"{edge} x {edge} x {edge}", "torch.matmul", timing, 2.0 * edge**3))
    del a, b, c
    torch.cuda.empty_cache()

    n, d = options.rows, options.features
    gamma = 1.0 / d
    x = torch.rand(n, d, device=device, generator=generator) * 2 - 1
    expected = reference(x[:64].double().cpu().tolist(), gamma)
    held = {}

    def by_distances():
        held.clear()
        held["k"] = torch.exp(-gamma * torch.cdist(x, x) ** 2)

    def by_passes():
        held.clear()
        squares = (x * x).sum(1)
        k = x @ x.T
        k.mul_(-2).add_(squares[:, None]).add_(squares[None, :]).clamp_(min=0).mul_(-gamma).exp_()
        held["k"] = k

    # Operations as the benchmarks count them: half of the pairs suffice for a symmetric matrix.
    flops = n * (n + 1) / 2 * (2.0 * d + 1)
    for library, run in (("torch.exp(-gamma * torch.cdist(x, x)**2)", by_distances), ("torch GEMM and passes", by_passes)):
        try:
            timing = measure(run, synchronize, options.runs)
            error = deviation(held["k"][0, :64].double().cpu().tolist(), expected)
            rows.append(row_of(f"rbf-d{d}", f"{n} x {n}, d = {d}", library, timing, flops, error))
        except torch.cuda.OutOfMemoryError as failure:
            rows.append({"case": f"rbf-d{d}", "library": library, "absent": str(failure).splitlines()[0]})
        held.clear()
        torch.cuda.empty_cache()
    rows += attention_rows(torch, options, device, generator, synchronize)
    versions = {
        "torch": torch.__version__,
        "torch CUDA": torch.version.cuda,
        "GPU": torch.cuda.get_device_name(device),
    }
    return rows, versions


def attention_rows(torch, options, device, generator, synchronize):
    """torch.nn.functional.scaled_dot_product_attention in the case names and operations of the benchmarks."""
    items, heads, length, width = options.items, 8, 1024, 64
    attend = torch.nn.functional.scaled_dot_product_attention
    q, k, v, slope = (torch.rand(items, heads, length, width, device=device, generator=generator) * 2 - 1 for _ in range(4))
    shape = f"{items} x {heads} x {length} x {width}"
    flops = 4.0 * items * heads * length * length * width
    held = {}

    def forward(is_causal):
        held.clear()
        held["o"] = attend(q, k, v, is_causal=is_causal)

    def with_gradients():
        held.clear()
        operands = [one.detach().requires_grad_() for one in (q, k, v)]
        held["o"] = attend(*operands)
        held["gradients"] = torch.autograd.grad(held["o"], operands, slope)

    rows = []
    for case, share, is_causal, run in (
        ("attention", 1.0, False, lambda: forward(False)),
        ("attention-causal", (length + 1) / 2 / length, True, lambda: forward(True)),
        ("attention-gradients", 3.5, False, with_gradients),
    ):
        timing = measure(run, synchronize, options.runs)
        exact = attend(*(one[:1, :1].double() for one in (q, k, v)), is_causal=is_causal)
        error = (held["o"][:1, :1].double() - exact).abs().max().item()
        rows.append(row_of(case, shape, "torch scaled_dot_product_attention", timing, flops * share, error))
    del q, k, v, slope
    held.clear()
    for case, sizes in (
        ("attention-l4096-d64", (4, 16, 4096, 64)),
        ("attention-l4096-d128", (4, 16, 4096, 128)),
        ("attention-many", (512, 8, 48, 32)),
    ):
        torch.cuda.empty_cache()
        rows.append(forward_row(torch, case, sizes, options, device, generator, synchronize))
    return rows


def forward_row(torch, case, sizes, options, device, generator, synchronize):
    """The forward pass of one shape: items, heads, length and width."""
    items, heads, length, width = sizes
    attend = torch.nn.functional.scaled_dot_product_attention
    q, k, v = (torch.rand(sizes, device=device, generator=generator) * 2 - 1 for _ in range(3))
    held = {}

    def forward():
        held["o"] = attend(q, k, v)

    timing = measure(forward, synchronize, options.runs)
    error = (held["o"][:1, :1].double() - attend(*(one[:1, :1].double() for one in (q, k, v)))).abs().max().item()
    shape = " x ".join(str(size) for size in sizes)
    return row_of(case, shape, "torch scaled_dot_product_attention", timing, 4.0 * items * heads * length**2 * width, error)


def cupy_rows(options):
    import cupy

    with cupy.cuda.Device(options.device):
        def synchronize():
            cupy.cuda.Device().synchronize()

        rows = []
        edge = options.edge
        random = cupy.random.default_rng(1)
        a = random.random((edge, edge), dtype=cupy.float32) * 2 - 1
        b = random.random((edge, edge), dtype=cupy.float32) * 2 - 1
        c = cupy.empty((edge, edge), dtype=cupy.float32)
        timing = measure(lambda: cupy.matmul(a, b, out=c), synchronize, options.runs)
        rows.append(row_of("gemm", f"{edge} x {edge} x {edge}", "cupy.matmul", timing, 2.0 * edge**3))
        del a, b, c
        cupy.get_default_memory_pool().free_all_blocks()

        n, d = options.rows, options.features
        gamma = cupy.float32(1.0 / d)
        x = random.random((n, d), dtype=cupy.float32) * 2 - 1
        expected = reference(cupy.asnumpy(x[:64]).astype("float64").tolist(), 1.0 / d)
        finish = cupy.ElementwiseKernel(
            "float32 rows, float32 columns, float32 products, float32 gamma",
            "float32 k",
            "k = exp(-gamma * max(rows + columns - 2 * products, 0.0f))",
            "finish_rbf",
        )
        held = {}

        def by_product():
            held.clear()
            squares = (x * x).sum(1)
            k = x @ x.T
            finish(squares[:, None], squares[None, :], k, gamma, k)
            held["k"] = k

        flops = n * (n + 1) / 2 * (2.0 * d + 1)
        timing = measure(by_product, synchronize, options.runs)
        error = deviation(cupy.asnumpy(held["k"][0, :64]).astype("float64").tolist(), expected)
        rows.append(row_of(f"rbf-d{d}", f"{n} x {n}, d = {d}", "CuPy GEMM and one fused kernel", timing, flops, error))
    return rows, {"cupy": cupy.__version__, "CUDA runtime": str(cupy.cuda.runtime.runtimeGetVersion())}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=50000)
    parser.add_argument("--features", type=int, default=128)
    parser.add_argument("--edge", type=int, default=8192)
    parser.add_argument("--items", type=int, default=64)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--device", type=int, default=0)
    options = parser.parse_args()
    results = {
        "date": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
        "libraries": {"Python": sys.version.split()[0]},
        "rows": [],
    }
    for library, rows_of_library in (("torch", torch_rows), ("cupy", cupy_rows)):
        try:
            rows, versions = rows_of_library(options)
            results["rows"] += rows
            results["libraries"] |= versions
        except ImportError as failure:
            results["rows"].append({"library": library, "absent": str(failure)})
    print(json.dumps(results, indent=2))


if __name__ == "__main__":
    main()
