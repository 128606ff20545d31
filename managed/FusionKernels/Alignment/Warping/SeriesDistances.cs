using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Simd;
using FusionKernels.Kernels.Warping;

namespace FusionKernels;

/// <summary>Distances of many pairs of series, whatever the measure.</summary>
internal static class SeriesDistances
{
    /// <summary>The distances of every series of x from every one of y, or of all pairs of x.</summary>
    /// <param name="x">Series.</param>
    /// <param name="y">Others; null for x against itself.</param>
    /// <param name="problem">What is computed for a pair.</param>
    /// <param name="missing">What to do with samples that are not finite; the series were checked against it.</param>
    /// <param name="options">How and where.</param>
    /// <param name="operation">The operation's public name.</param>
    /// <exception cref="ArgumentException">The sets differ in channels, or the result exceeds one tensor.</exception>
    public static Tensor<T> Compute<T>(
        SeriesPack<T> x, SeriesPack<T>? y, WarpingProblem problem, MissingSamples missing, ExecutionOptions? options, string operation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (y is not null) SeriesPacking.RequireSameChannels(x, y, "x", "y");
        using Execution execution = Execution.Begin<T>(options, operation);
        execution.Skipped(x.MissingValues + (y?.MissingValues ?? 0));
        SeriesPack<T> columns = y ?? x;
        Tensor<T> result = ResultTensor.Create<T>(operation, x.Count, columns.Count);
        TensorSpan<T> destination = result.AsTensorSpan();
        Warping.Distances(execution.Engine, problem, x, y, destination.AsResult(x.Count, columns.Count, "result"), execution.Settings);
        if (missing == MissingSamples.Propagate) SpreadNonFinite(x, columns, result);
        if (!execution.IsReported) return result;
        WarpingPlan plan = new(problem, x.Lengths, columns.Lengths, y is null, x.Channels, Element.SizeOf<T>());
        execution.Complete<T>("pairs of series", plan.TableCells, plan.InputBytes + plan.ResultBytes);
        return result;
    }

    /// <summary>NaN for every pair with a series that holds a value that is not finite.</summary>
    /// <param name="x">The series of the rows.</param>
    /// <param name="y">The series of the columns.</param>
    /// <param name="distances">rows x columns, dense.</param>
    public static void SpreadNonFinite<T>(SeriesPack<T> x, SeriesPack<T> y, Tensor<T> distances)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        SpreadNonFinite(x, y, System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref distances.GetPinnableReference(), checked((int)distances.FlattenedLength)));

    /// <summary>The same in memory.</summary>
    /// <param name="x">The series of the rows.</param>
    /// <param name="y">The series of the columns.</param>
    /// <param name="distances">rows x columns.</param>
    public static void SpreadNonFinite<T>(SeriesPack<T> x, SeriesPack<T> y, Span<T> distances)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool[] columns = NonFinite(y), rows = ReferenceEquals(x, y) ? columns : NonFinite(x);
        for (int i = 0; i < rows.Length; i++)
        {
            Span<T> row = distances.Slice(i * columns.Length, columns.Length);
            for (int j = 0; j < columns.Length; j++)
            {
                if (rows[i] || columns[j]) row[j] = T.NaN;
            }
        }
    }

    private static bool[] NonFinite<T>(SeriesPack<T> series)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool[] found = new bool[series.Count];
        for (int i = 0; i < found.Length; i++) found[i] = SeriesPacking.HasNonFinite<T>(series[i]);
        return found;
    }
}
