using System.Numerics.Tensors;
using FusionKernels.Bench;

namespace FusionKernels.Peers;

/// <summary>
/// ALIGNF as NumPy has it: every matrix centred into a copy, element by element on one thread, and all inner products as the product of a
/// matrix with itself by OpenBLAS, in float32. Not NumPy itself, whose calls cost more.
/// </summary>
/// <remarks>
/// Every thread multiplies columns of its own. OpenBLAS's own threads meet behind every few hundred of the sixteen million columns, spinning,
/// which takes no end where another program has one of the cores.
/// </remarks>
internal sealed class OpenBlasAlignment : Contestant
{
    /// <summary>The contestant's name.</summary>
    public const string Title = "OpenBLAS ssyrk, as NumPy";

    private readonly AlignmentCase _ours;
    private readonly int _threads;
    private readonly float[][] _grams;
    private readonly float[] _centred;
    private readonly float[][] _products;
    private readonly float[] _indicators;
    private double[] _weights = [];

    /// <summary>Loads the library.</summary>
    /// <exception cref="DllNotFoundException">It is absent.</exception>
    public OpenBlasAlignment(AlignmentCase ours, int threads)
    {
        OpenBlas.SetThreads(1);
        (_ours, _threads, _indicators) = (ours, threads, ours.Indicators);
        int count = ours.Kernels + 1;
        _grams = [.. ours.Grams.Select(Samples.Elements)];
        _centred = new float[checked(count * ours.Rows * ours.Rows)];
        _products = [.. Enumerable.Range(0, threads).Select(_ => new float[count * count])];
    }

    /// <inheritdoc/>
    public override string Name => Title;

    /// <inheritdoc/>
    public override void Run()
    {
        int rows = _ours.Rows, size = rows * rows, count = _ours.Kernels + 1;
        float[] target = new float[size];
        OpenBlas.InnerProducts(rows, _indicators.Length / rows, _indicators, target);
        for (int m = 0; m < count; m++) Centre(m == _ours.Kernels ? target : _grams[m], _centred.AsSpan(m * size, size), rows);
        Parallel.For(0, _threads, new ParallelOptions { MaxDegreeOfParallelism = _threads }, part =>
        {
            int first = (int)((long)size * part / _threads), end = (int)((long)size * (part + 1) / _threads);
            OpenBlas.InnerProducts(count, size, _centred, first, end - first, _products[part]);
        });
        double[] gram = new double[_ours.Kernels * _ours.Kernels], right = new double[_ours.Kernels];
        for (int a = 0; a < _ours.Kernels; a++)
        {
            right[a] = Product(a, _ours.Kernels);
            for (int b = 0; b < _ours.Kernels; b++) gram[(a * _ours.Kernels) + b] = Product(a, b);
        }

        double[] solved = NonNegative(gram, right);
        double sum = solved.Sum();
        _weights = [.. solved.Select(weight => weight / sum)];

        double Product(int a, int b) => _products.Sum(part => (double)part[(Math.Min(a, b) * count) + Math.Max(a, b)]);
    }

    /// <inheritdoc/>
    public override double At(int row, int column) => _weights[column];

    /// <summary>Does nothing: the garbage collector has the memory.</summary>
    public override void Dispose()
    {
    }

    /// <summary>Takes row means and column means off a symmetric matrix, and adds the mean.</summary>
    private static void Centre(float[] matrix, Span<float> centred, int rows)
    {
        float[] means = new float[rows];
        for (int i = 0; i < rows; i++) TensorPrimitives.Add(means, matrix.AsSpan(i * rows, rows), means);
        TensorPrimitives.Divide(means, rows, means);
        float mean = TensorPrimitives.Sum<float>(means) / rows;
        for (int i = 0; i < rows; i++)
        {
            Span<float> row = centred.Slice(i * rows, rows);
            TensorPrimitives.Subtract(matrix.AsSpan(i * rows, rows), means, row);
            TensorPrimitives.Subtract(row, means[i] - mean, row);
        }
    }

    /// <summary>The least xᵀ M x / 2 - aᵀ x with x of 0 or more, one coordinate after the other until none moves.</summary>
    private static double[] NonNegative(double[] matrix, double[] right)
    {
        double[] x = new double[right.Length];
        for (int sweep = 0; sweep < 100_000; sweep++)
        {
            double moved = 0;
            for (int a = 0; a < x.Length; a++)
            {
                double rest = right[a];
                for (int b = 0; b < x.Length; b++) rest -= b == a ? 0 : matrix[(a * x.Length) + b] * x[b];
                double next = Math.Max(0, rest / matrix[(a * x.Length) + a]);
                moved = Math.Max(moved, Math.Abs(next - x[a]));
                x[a] = next;
            }

            if (moved <= 1e-12 * x.Max()) break;
        }

        return x;
    }
}
