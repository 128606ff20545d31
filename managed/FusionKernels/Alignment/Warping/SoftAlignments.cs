using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;
using FusionKernels.Kernels.Warping;
using FusionKernels.Kernels.Warping.SoftForms;

namespace FusionKernels;

/// <summary>What soft dynamic time warping and the global alignment kernel share on their way to the kernels.</summary>
internal static class SoftAlignments
{
    /// <summary>All pairs of two sets, or of one.</summary>
    public static Tensor<T> Matrix<T>(
        SoftProblem problem, SoftFinish finish, SeriesPack<T> x, SeriesPack<T>? y, MissingSamples missing, string nameX, string nameY, ExecutionOptions? options, string operation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Execution execution = Execution.Begin<T>(options, operation);
        if (y is not null) SeriesPacking.RequireSameChannels(x, y, nameX, nameY);
        execution.Skipped(x.MissingValues + (y?.MissingValues ?? 0));
        Tensor<T> result = ResultTensor.Create<T>(operation, x.Count, (y ?? x).Count);
        TensorSpan<T> destination = result.AsTensorSpan();
        Soft.Values(execution.Engine, problem, finish, x, y, destination.AsResult(x.Count, (y ?? x).Count, "result"), execution.Settings);
        if (missing == MissingSamples.Propagate) SeriesDistances.SpreadNonFinite(x, y ?? x, result);
        Complete<T>(execution, problem, x, y, passes: 1);
        return result;
    }

    /// <summary>Values and derivatives of some pairs; of those whose samples propagate, NaN.</summary>
    public static SoftGradient<T>[] Gradients<T>(
        SoftProblem problem, SeriesPack<T> x, SeriesPack<T> y, (int X, int Y)[] pairs, MissingSamples missing, ExecutionOptions? options, string operation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Execution execution = Execution.Begin<T>(options, operation);
        execution.Skipped(x.MissingValues + (ReferenceEquals(x, y) ? 0 : y.MissingValues));
        SoftGradient<T>[] gradients = Soft.Gradients(execution.Engine, problem, x, y, pairs, execution.Settings);
        Complete<T>(execution, problem, x, y, passes: 2);
        for (int k = 0; missing == MissingSamples.Propagate && k < pairs.Length; k++)
        {
            if (SeriesPacking.HasNonFinite<T>(x[pairs[k].X]) || SeriesPacking.HasNonFinite<T>(y[pairs[k].Y])) gradients[k] = NotANumber(gradients[k]);
        }

        return gradients;
    }

    private static SoftGradient<T> NotANumber<T>(SoftGradient<T> gradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Array.Fill(gradient.X, T.NaN);
        Array.Fill(gradient.Y, T.NaN);
        return gradient with { Value = double.NaN };
    }

    /// <summary>Throws where a window is not a range of columns for every row.</summary>
    /// <exception cref="ArgumentException">It has holes.</exception>
    public static WarpingWindow Contiguous(WarpingWindow window)
    {
        ArgumentNullException.ThrowIfNull(window);
        return window.HasHoles
            ? throw new ArgumentException($"{window} has holes; a soft alignment's window is a range of columns for every row", nameof(window))
            : window;
    }

    /// <summary>Throws unless a parameter is a finite number above 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    public static double Positive(double value, string name) => double.IsFinite(value) && value > 0
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{name} must be a finite number above 0");

    /// <summary>Tells what ran, where somebody asked.</summary>
    public static void Complete<T>(in Execution execution, SoftProblem problem, SeriesPack<T> x, SeriesPack<T>? y, int passes)
        where T : unmanaged
    {
        if (!execution.IsReported) return;
        WarpingPlan plan = new(new() { Recurrence = WarpingRecurrence.Soft, Window = problem.Window }, x.Lengths, (y ?? x).Lengths, y is null, x.Channels, Element.SizeOf<T>());
        double operations = SoftProblem.OperationsPerCell + (3.0 * x.Channels);
        execution.Complete<T>("diagonals", passes * plan.TableCells * operations, plan.InputBytes + plan.ResultBytes);
    }
}
