using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>The kernel of a view that has no features: of series, or a ready Gram matrix.</summary>
/// <typeparam name="T">The element.</typeparam>
internal interface ISourceKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The Gram matrix of the training rows; 0 where the view is absent.</summary>
    Tensor<T> Training { get; }

    /// <summary>The Gram matrix of rows against the training rows; 0 where the view is absent.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="view">The view's number among theirs.</param>
    /// <param name="name">Its name, for errors.</param>
    /// <param name="options">How to run.</param>
    Tensor<T> Against(Views rows, int view, string name, ExecutionOptions? options);
}
