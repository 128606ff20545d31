using System.Numerics;
using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Correlation;

/// <summary>Adds chunks that were centred alike to a scatter in float64, on and above the diagonal.</summary>
/// <typeparam name="T">The element.</typeparam>
internal unsafe struct MomentMerge<T> : IParallelJob
    where T : unmanaged, INumberBase<T>
{
    /// <summary>Elements that are summed over the chunks at a time: 32 KiB of float64, from 16 KiB in a row of each chunk.</summary>
    private const int BlockElements = 4096;

    /// <summary>What is added to, features x features.</summary>
    public double[] Scatter;

    /// <summary>Columns of all views.</summary>
    public int Features;

    /// <summary>Where products lie.</summary>
    public HalfLayout Layout;

    /// <summary>The chunks, in the order of their sum.</summary>
    public MomentChunk<T>[] Chunks;

    /// <summary>1 over the scale of every column.</summary>
    public double[] Inverse;

    /// <summary>The mean of every centred column, in units of the column.</summary>
    public double[] Own;

    /// <summary>The distance of that mean from the one of the scatter.</summary>
    public double[] Shift;

    /// <summary>Rows of all chunks.</summary>
    public double Count;

    /// <summary>What the product of two shifts is multiplied by.</summary>
    public double Factor;

    private readonly int Rows => BlockElements / Layout.Width;

    private readonly int Blocks => (Features + Rows - 1) / Rows;

    /// <summary>Adds all of them.</summary>
    public void Run(HostEngine host, int threads) => host.Run(ref this, Layout.Panels * Blocks, threads);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run(int piece)
    {
        int panel = piece / Blocks, column = panel * Layout.Width, width = Math.Min(Layout.Width, Features - column);
        int first = piece % Blocks * Rows, rows = Math.Min(Rows, column + width - first);
        if (rows <= 0) return;
        double* sums = stackalloc double[BlockElements];
        Sum(Layout.Start(panel) + (first * Layout.Stride), rows, width, sums);
        for (int r = 0; r < rows; r++) Add(first + r, column, width, sums + (r * Layout.Width));
    }

    private readonly void Sum(long at, int rows, int width, double* sums)
    {
        new Span<double>(sums, rows * Layout.Width).Clear();
        for (int i = 0; i < Chunks.Length; i++)
        {
            T* from = Chunks[i].Products + at;
            if (Layout.Stride == Layout.Width)
            {
                Widen(from, rows * Layout.Width, sums);
                continue;
            }

            for (int r = 0; r < rows; r++) Widen(from + (r * Layout.Stride), width, sums + (r * Layout.Width));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Widen(T* from, int count, double* sums)
    {
        int c = 0;
        for (; typeof(T) == typeof(float) && c + Vector<float>.Count <= count; c += Vector<float>.Count)
        {
            Vector.Widen(Vector.Load((float*)from + c), out Vector<double> low, out Vector<double> high);
            Vector.Store(Vector.Load(sums + c) + low, sums + c);
            Vector.Store(Vector.Load(sums + c + Vector<double>.Count) + high, sums + c + Vector<double>.Count);
        }

        for (; c < count; c++) sums[c] += Element.ToDouble(from[c]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Add(int row, int column, int count, double* sums)
    {
        fixed (double* scatter = Scatter, inverse = Inverse, own = Own, shift = Shift)
        {
            double* to = scatter + ((long)row * Features) + column, factors = inverse + column, means = own + column, shifts = shift + column;
            double factor = inverse[row], mean = Count * own[row], moved = Factor * shift[row];
            int c = 0;
            for (; c + Vector<double>.Count <= count; c += Vector<double>.Count)
            {
                Vector<double> sum = Vector.Load(sums + c) * (factor * Vector.Load(factors + c));
                sum = sum - (mean * Vector.Load(means + c)) + (moved * Vector.Load(shifts + c));
                Vector.Store(Vector.Load(to + c) + sum, to + c);
            }

            for (; c < count; c++) to[c] += (sums[c] * (factor * factors[c])) - (mean * means[c]) + (moved * shifts[c]);
        }
    }
}
