using System.Numerics.Tensors;
using FusionKernels.Bench;

namespace FusionKernels.Peers;

/// <summary>
/// ALIGNF as NumPy has it: every matrix centred into a copy, element by element on one thread, and all inner products as one product of
/// matrices by OpenBLAS, in float32. Not NumPy itself, whose calls cost more.
/// </summary>
internal sealed class OpenBlasAlignment : Contestant
{
    /// <summary>The contestant's name.</summary>
    public const string Title = "OpenBLAS sgemm, as NumPy";

    private readonly AlignmentCase _ours;
    private readonly float[] _centred;
    private readonly float[] _products;
    private readonly float[] _indicators;
    private double[] _weights = [];

    /// <summary>Loads the library.</summary>
    /// <exception cref="DllNotFoundException">It is absent.</exception>
    public OpenBlasAlignment(AlignmentCase ours, int threads)
    {
        OpenBlas.SetThreads(threads);
        (_ours, _indicators) = (ours, ours.Indicators);
        int count = ours.Kernels + 1;
        _centred = new float[checked(count * ours.Rows * ours.Rows)];
        _products = new float[count * count];
    }

    /// <inheritdoc/>
    public override string Name => Title;

    /// <inheritdoc/>
    public override void Run()
    {
        int rows = _ours.Rows, size = rows * rows, count = _ours.Kernels + 1;
        float[] target = new float[size];
        OpenBlas.InnerProducts(rows, _indicators.Length / rows, _indicators, target);
        for (int m = 0; m < count; m++)
        {
            Span<float> centred = _centred.AsSpan(m * size, size);
            if (m == _ours.Kernels) target.CopyTo(centred);
            else _ours.Grams[m].FlattenTo(centred);
            Centre(centred, rows);
        }

        OpenBlas.InnerProducts(count, size, _centred, _products);
        double[] gram = new double[_ours.Kernels * _ours.Kernels], right = new double[_ours.Kernels];
        for (int a = 0; a < _ours.Kernels; a++)
        {
            right[a] = _products[(a * count) + _ours.Kernels];
            for (int b = 0; b < _ours.Kernels; b++) gram[(a * _ours.Kernels) + b] = _products[(a * count) + b];
        }

        double[] solved = NonNegative(gram, right);
        double sum = solved.Sum();
        _weights = [.. solved.Select(weight => weight / sum)];
    }

    /// <inheritdoc/>
    public override double At(int row, int column) => _weights[column];

    /// <summary>Does nothing: the garbage collector has the memory.</summary>
    public override void Dispose()
    {
    }

    /// <summary>Takes row means and column means off, and adds the mean.</summary>
    private static void Centre(Span<float> matrix, int rows)
    {
        float[] means = new float[rows];
        for (int i = 0; i < rows; i++) TensorPrimitives.Add(means, matrix.Slice(i * rows, rows), means);
        TensorPrimitives.Divide(means, rows, means);
        float mean = TensorPrimitives.Sum<float>(means) / rows;
        for (int i = 0; i < rows; i++)
        {
            Span<float> row = matrix.Slice(i * rows, rows);
            TensorPrimitives.Subtract(row, means, row);
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
