using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>Two matrices, or two sets of series, as views 'x' and 'y'.</summary>
internal static class PairedViews
{
    /// <summary>The names of the two views.</summary>
    public const string X = "x", Y = "y";

    /// <summary>Both, in their order.</summary>
    public static IReadOnlyList<string> Names { get; } = [X, Y];

    /// <summary>Views of two matrices.</summary>
    /// <exception cref="ArgumentException">They are no matrices of as many rows, or the mask is not of them.</exception>
    public static Views Of<T>(Tensor<T> x, Tensor<T> y, Tensor<bool>? presence)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => With(Views.Of((X, View.Vectors(x)), (Y, View.Vectors(y))), presence);

    /// <summary>Views of two sets of series.</summary>
    /// <exception cref="ArgumentException">They are not as many, or the mask is not of them.</exception>
    public static Views Of<T>(IReadOnlyList<Tensor<T>> x, IReadOnlyList<Tensor<T>> y, Tensor<bool>? presence)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => With(Views.Of((X, View.Sequences(x)), (Y, View.Sequences(y))), presence);

    private static Views With(Views views, Tensor<bool>? presence) => presence is null ? views : views.WithPresence(presence);
}
