using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Correlation;

namespace FusionKernels;

/// <summary>The arguments of linear correlation, checked before any work.</summary>
internal static class CorrelationChecks
{
    /// <summary>The options as kernels take them.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public static CorrelationProblem Problem(CanonicalCorrelationOptions? options, string operation)
    {
        options ??= new();
        if (options.Components is < 1) throw new ArgumentOutOfRangeException(nameof(options), options.Components, "at least one component must be kept");
        foreach (double ridge in (double[])[options.Ridge, options.RidgeX ?? 0, options.RidgeY ?? 0])
        {
            if (!(ridge >= 0 && double.IsFinite(ridge))) throw new ArgumentOutOfRangeException(nameof(options), ridge, "a ridge must be a finite number, 0 or more");
        }

        if (!(options.Shrinkage is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(options), options.Shrinkage, "the shrinkage must be 0 to 1");
        if (options.RankTolerance is { } tolerance && !(tolerance is >= 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(options), tolerance, "the rank tolerance must be 0 or more and below 1");
        if (!Enum.IsDefined(options.Route)) throw new ArgumentOutOfRangeException(nameof(options), options.Route, "no such route");
        return new(
            operation,
            options.Components,
            options.RidgeX ?? options.Ridge,
            options.RidgeY ?? options.Ridge,
            options.Shrinkage,
            options.Scale,
            options.RankTolerance,
            options.Route,
            options.XName,
            options.YName);
    }

    /// <summary>Checks that views are matrices of the same rows.</summary>
    /// <exception cref="ArgumentException">A view is no matrix, has no columns, or has other rows than the first.</exception>
    public static void RequireAligned<T>(IReadOnlyList<Tensor<T>> views, IReadOnlyList<string> names)
    {
        long rows = 0;
        for (int i = 0; i < views.Count; i++)
        {
            ArgumentNullException.ThrowIfNull(views[i], names[i]);
            RequireAligned(i, views[i].Lengths, names, ref rows);
        }
    }

    /// <inheritdoc cref="RequireAligned{T}(IReadOnlyList{Tensor{T}}, IReadOnlyList{string})"/>
    public static void RequireAligned<T>(IReadOnlyList<DeviceTensor<T>> views, IReadOnlyList<string> names)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        long rows = 0;
        for (int i = 0; i < views.Count; i++)
        {
            ArgumentNullException.ThrowIfNull(views[i], names[i]);
            RequireAligned(i, views[i].Lengths, names, ref rows);
        }
    }

    /// <inheritdoc cref="RequireAligned{T}(IReadOnlyList{Tensor{T}}, IReadOnlyList{string})"/>
    public static void RequireAligned(ReadOnlySpan<nint> x, ReadOnlySpan<nint> y, IReadOnlyList<string> names)
    {
        long rows = 0;
        RequireAligned(0, x, names, ref rows);
        RequireAligned(1, y, names, ref rows);
    }

    private static void RequireAligned(int view, ReadOnlySpan<nint> lengths, IReadOnlyList<string> names, ref long rows)
    {
        if (lengths.Length != 2) throw new ArgumentException($"view '{names[view]}' is {Shape.Of(lengths)}; rows x features is needed");
        if (lengths[1] == 0) throw new ArgumentException($"view '{names[view]}' has no columns");
        if (view == 0) rows = lengths[0];
        if (lengths[0] != rows) throw new ArgumentException($"view '{names[0]}' has {rows} rows, '{names[view]}' has {lengths[0]}: row i of each must be the same example");
    }

    /// <summary>Checks that there are rows enough to correlate.</summary>
    /// <exception cref="ArgumentException">There are fewer than two.</exception>
    public static void RequireRows(long rows)
    {
        if (rows < 2) throw new ArgumentException($"{rows} {(rows == 1 ? "row has" : "rows have")} no correlation; two rows at least are needed");
    }

    /// <summary>Checks the components asked for against the columns there are.</summary>
    /// <exception cref="ArgumentException">More are asked for than a view has columns.</exception>
    public static void RequireComponents(CorrelationProblem problem, int widthX, int widthY)
    {
        if (problem.Components is not { } wanted || wanted <= Math.Min(widthX, widthY)) return;
        throw new ArgumentException($"{wanted} components were asked for; '{problem.NameX}' has {widthX} columns and '{problem.NameY}' {widthY}: ask for at most {Math.Min(widthX, widthY)}");
    }
}
