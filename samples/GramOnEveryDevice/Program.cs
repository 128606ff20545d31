// Computes one Gram matrix on every device of the machine and compares each with float64 on the host.
using System.Numerics.Tensors;
using FusionKernels;

const int Rows = 200, Features = 32;
Random random = new(1);
double[] values = [.. Enumerable.Range(0, Rows * Features).Select(_ => random.NextDouble())];
Tensor<double> exact = Tensor.Create(values, [Rows, Features]);
Tensor<float> x = Tensor.ConvertSaturating<double, float>(exact);
Kernel kernel = 0.5 * Kernel.Rbf() + 0.5 * Kernel.Laplacian();

using ComputeDevice host = ComputeDevice.Open("host");
Tensor<double> reference = Gram.Compute(exact, kernel, new() { Device = host });

foreach (DeviceProbe probe in ComputeDevice.Probe())
{
    if (!probe.IsUsable)
    {
        Console.WriteLine(probe);
        continue;
    }

    using ComputeDevice device = ComputeDevice.Open(probe.Name);
    ExecutionReport? report = null;
    GramOptions options = new() { Device = device, Report = told => report = told };
    Gram.Compute(x, kernel, options);    // compiles the kernels
    Tensor<float> k = Gram.Compute(x, kernel, options);

    double deviation = 0;
    for (int i = 0; i < Rows; i++)
    {
        for (int j = 0; j < Rows; j++) deviation = Math.Max(deviation, Math.Abs(k[i, j] - reference[i, j]));
    }

    Console.WriteLine($"{device}: {report!.TotalSeconds * 1e3:0.00} ms, largest deviation {deviation:0.0e0}");
}
