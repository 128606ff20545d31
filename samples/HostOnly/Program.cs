// The four computations on the processor alone, in a program that is compiled ahead of time:
//   dotnet publish samples/HostOnly -c Release
// Each answer is checked against one that is known; the exit code is 1 where one is wrong.
using System.Numerics.Tensors;
using FusionKernels;

bool isRight = true;
using ComputeDevice host = ComputeDevice.OpenHost();
Console.WriteLine(host);

// exp(-|a - b|^2 / 10) of a = (0, 0) and b = (3, 4).
Tensor<float> points = Tensor.Create<float>([0, 0, 3, 4], [2, 2]);
Tensor<float> gram = Gram.Compute(points, Kernel.Rbf(gamma: 0.1), new() { Device = host });
Check("Gram", gram[0, 1], Math.Exp(-2.5));

// The second series waits once at its 2: no cost.
Check("DTW", Dtw.Distance<float>([1, 2, 3], [1, 2, 2, 3]), 0);
Check("DTW", Dtw.Distance<double>([0, 0, 0], [1, 1, 1], new() { Device = host }), Math.Sqrt(3));

// y is x rotated, and so wholly correlated with it.
Random random = new(1);
double[] x = [.. Enumerable.Range(0, 400).Select(_ => random.NextDouble())], y = new double[400];
for (int i = 0; i < 400; i += 2) (y[i], y[i + 1]) = ((0.6 * x[i]) - (0.8 * x[i + 1]), (0.8 * x[i]) + (0.6 * x[i + 1]));
CanonicalCorrelation cca = CanonicalCorrelation.Fit(Tensor.Create(x, [200, 2]), Tensor.Create(y, [200, 2]), new() { Device = host });
Check("CCA", cca.Correlations[1], 1);
if (cca.Significance is { } tests) Console.WriteLine($"     p of Wilks's lambda {tests.Wilks[0].P:0.0e0}");

// Equal keys: the mean of the values.
Tensor<float> keys = Tensor.Create<float>([1, 1, 1, 1], [2, 2]), values = Tensor.Create<float>([1, 2, 3, 6], [2, 2]);
Tensor<float> attended = Attention.Forward(points, keys, values, new() { Device = host });
Check("attention", attended[1, 1], 4);

// Devices that are named by a setting are refused in words where only the host can run.
foreach (DeviceProbe probe in ComputeDevice.Probe()) Console.WriteLine(probe);
Console.WriteLine(ComputeDevice.Default.Why);
return isRight ? 0 : 1;

void Check(string what, double found, double known)
{
    bool agrees = Math.Abs(found - known) <= 1e-6;
    isRight &= agrees;
    Console.WriteLine(FormattableString.Invariant($"{(agrees ? "ok  " : "WRONG")} {what} {found:0.000000}"));
}
