using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;
using FusionKernels.Kernels.Warping;
using FusionKernels.Kernels.Warping.Search;

namespace FusionKernels;

/// <summary>The nearest series by dynamic time warping, through lower bounds or from all distances.</summary>
internal static class SeriesNeighbours
{
    /// <summary>Bytes of distances that are computed before they are looked through: many rows for the threads to share.</summary>
    private const long BlockBytes = 32 << 20;

    /// <summary>The nearest series of y for each of x.</summary>
    /// <param name="x">The series whose neighbours are sought.</param>
    /// <param name="y">The candidates; null for the other series of x.</param>
    /// <param name="count">Neighbours of each.</param>
    /// <param name="options">What is computed, how and where.</param>
    /// <param name="operation">The operation's public name.</param>
    /// <param name="bounded">Whether lower bounds are used; null for where they pay.</param>
    public static DtwNeighbours<T> Find<T>(
        SeriesPack<T> x, SeriesPack<T>? y, int count, DtwOptions options, string operation, bool? bounded = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        SeriesPack<T> candidates = y ?? x;
        SeriesPacking.RequireSameChannels(x, candidates, "x", "y");
        int most = candidates.Count - (y is null ? 1 : 0);
        if (count < 1 || count > most) throw new ArgumentOutOfRangeException(nameof(count), count, $"a series has {most} candidates{(y is null ? ", itself excluded" : "")}: ask for 1 to {most} neighbours");
        WarpingProblem problem = options.Problem(isForPath: false);
        using Execution execution = Execution.Begin<T>(options, operation);
        execution.Skipped(x.MissingValues + (y?.MissingValues ?? 0));
        int[] indices = HostArray.Create<int>(operation, x.Count, count);
        T[] distances = HostArray.Create<T>(operation, x.Count, count);
        if (bounded ?? BoundsPay(execution.Engine, problem, x, candidates, count, options.Missing))
        {
            SearchProblem search = new() { Cost = problem.Cost, Window = problem.Window, Finish = problem.Finish, Count = count };
            Warping.Neighbours(execution.Engine, search, x, candidates, y is null, indices, distances, execution.Settings);
        }
        else
        {
            FromDistances(execution, problem, x, y, count, options.Missing, indices, distances);
        }

        if (execution.IsReported)
        {
            WarpingPlan plan = new(problem, x.Lengths, candidates.Lengths, y is null, x.Channels, Element.SizeOf<T>());
            execution.Complete<T>("nearest series", plan.TableCells, plan.InputBytes + (indices.Length * (sizeof(int) + (long)Element.SizeOf<T>())));
        }

        return new(Tensor.Create(indices, [x.Count, count]), Tensor.Create(distances, [x.Count, count]));
    }

    /// <summary>Whether the bounds hold, and are likely to leave less work than aligning all pairs, which fills the lanes better.</summary>
    private static bool BoundsPay<T>(Engine engine, WarpingProblem problem, SeriesPack<T> x, SeriesPack<T> candidates, int count, MissingSamples missing)
        where T : unmanaged
    {
        if (engine is not HostEngine || missing != MissingSamples.Reject || !Warping.CanBound(problem, x, candidates)) return false;
        int length = x.LongestLength;
        RowRange middle = problem.Window.Row(length / 2, length, length).Within(length);
        return count <= candidates.Count / 8 && middle.End - middle.First <= length / 2;
    }

    private static void FromDistances<T>(
        in Execution execution, WarpingProblem problem, SeriesPack<T> x, SeriesPack<T>? y, int count, MissingSamples missing, int[] indices, T[] distances)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        SeriesPack<T> candidates = y ?? x;
        int rows = (int)Math.Clamp(BlockBytes / ((long)candidates.Count * Element.SizeOf<T>()), 1, x.Count);
        T[] block = HostArray.Create<T>(execution.Settings.Operation, rows, candidates.Count);
        for (int first = 0; first < x.Count; first += rows)
        {
            int here = Math.Min(rows, x.Count - first);
            SeriesPack<T> part = here == x.Count ? x : x.Range(first, here);

            // All pairs of one set in one block are half as many.
            SeriesPack<T>? columns = y is null && here == x.Count ? null : candidates;
            Span<T> values = block.AsSpan(0, here * candidates.Count);
            Warping.Distances(execution.Engine, problem, part, columns, MatrixRef<T>.Of(values, here, candidates.Count), execution.Settings);
            if (missing == MissingSamples.Propagate) SeriesDistances.SpreadNonFinite(part, candidates, values);
            for (int row = 0; row < here; row++)
            {
                int at = (first + row) * count;
                Nearest<T>(values.Slice(row * candidates.Count, candidates.Count), y is null ? first + row : -1, indices.AsSpan(at, count), distances.AsSpan(at, count));
            }
        }
    }

    /// <summary>The least of a row in order, the first of equal ones first.</summary>
    private static void Nearest<T>(ReadOnlySpan<T> row, int self, Span<int> indices, Span<T> distances)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        indices.Fill(-1);
        distances.Fill(T.PositiveInfinity);
        for (int j = 0; j < row.Length; j++)
        {
            if (j == self || !(row[j] < distances[^1])) continue;
            int place = distances.Length - 1;
            for (; place > 0 && row[j] < distances[place - 1]; place--) (indices[place], distances[place]) = (indices[place - 1], distances[place - 1]);
            (indices[place], distances[place]) = (j, row[j]);
        }
    }
}
