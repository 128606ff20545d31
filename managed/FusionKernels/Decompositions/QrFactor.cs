using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;

namespace FusionKernels;

/// <summary>A = Q R.</summary>
/// <remarks>Immutable (write to none of its tensors) and thread-safe.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class QrFactor<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Wraps a factorisation.</summary>
    internal QrFactor(in QrOutcome<T> outcome, int rows, int columns)
    {
        int steps = Math.Min(rows, columns);
        Q = Tensor.Create(outcome.Q, [rows, steps]);
        R = Tensor.Create(outcome.R, [steps, columns]);
        (Route, Why) = (outcome.Plan.Route, outcome.Plan.Why);
    }

    /// <summary>Q: rows x min(rows, columns), columns orthonormal.</summary>
    public Tensor<T> Q { get; }

    /// <summary>R: min(rows, columns) x columns, upper triangular, its diagonal 0 or more.</summary>
    public Tensor<T> R { get; }

    /// <summary>How it was computed.</summary>
    public QrRoute Route { get; }

    /// <summary>Why that way, in words.</summary>
    public string Why { get; }

    /// <summary>|A - Q R| / |A| in the Frobenius norm, in float64 on the host.</summary>
    /// <param name="a">The matrix that was factored.</param>
    /// <exception cref="ArgumentException">It is not of the factors' shape.</exception>
    public double Residual(Tensor<T> a)
    {
        ArgumentNullException.ThrowIfNull(a);
        return FactorChecks.FactorResidual(a, Q, R);
    }

    /// <summary>The largest element of |QᵀQ - I|, in float64 on the host.</summary>
    public double Orthogonality() => FactorChecks.Orthogonality(Q);
}
