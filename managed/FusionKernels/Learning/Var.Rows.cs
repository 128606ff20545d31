using System.Numerics;
using FusionKernels.Kernels.Elementwise;

namespace FusionKernels;

/// <content>Whole rows: what depends on all elements of the last dimension.</content>
public readonly partial struct Var<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Softmax over the last dimension; a row of -infinity alone becomes 0.</summary>
    public Var<T> Softmax() => RowOperation<T>.Record(this, default(SoftmaxRule<T>), SoftmaxOperation<T>.Instance, keepsStatistics: false);

    /// <summary>The logarithm of softmax over the last dimension.</summary>
    public Var<T> LogSoftmax() => RowOperation<T>.Record(this, default(LogSoftmaxRule<T>), LogSoftmaxOperation<T>.Instance, keepsStatistics: false);

    /// <summary>(x - mean) / sqrt(variance + epsilon) over the last dimension, the variance with the length below the line.</summary>
    /// <param name="epsilon">Added to the variance, more than 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="epsilon"/> is not above 0.</exception>
    public Var<T> Standardize(double epsilon = 1e-5)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(epsilon);
        StandardizeRule<T> rule = new(T.CreateChecked(1.0 / Node.Columns), T.CreateChecked(epsilon));
        return RowOperation<T>.Record(this, rule, StandardizeOperation<T>.Instance, keepsStatistics: true);
    }

    /// <summary>Layer normalisation over the last dimension: standardized, then gain and offset of each feature (Ba, Kiros and Hinton 2016).</summary>
    /// <param name="gain">As many as the last length.</param>
    /// <param name="offset">As many.</param>
    /// <param name="epsilon">Added to the variance, more than 0.</param>
    /// <exception cref="ArgumentException">Shapes do not fit.</exception>
    public Var<T> LayerNorm(Var<T> gain, Var<T> offset, double epsilon = 1e-5) => AffineOperation<T>.Record(Standardize(epsilon), gain, offset);

    /// <summary>Each row of the last dimension over its Euclidean norm.</summary>
    /// <param name="epsilon">The least norm, more than 0; shorter rows are divided by it.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="epsilon"/> is not above 0.</exception>
    public Var<T> Unit(double epsilon = 1e-12)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(epsilon);
        return RowOperation<T>.Record(this, new UnitRule<T>(T.CreateChecked(epsilon)), UnitOperation<T>.Instance, keepsStatistics: true);
    }

    /// <summary>The sum of all elements: one number.</summary>
    public Var<T> Sum() => TotalOperation<T>.Record(this, 1);

    /// <summary>The mean of all elements: one number; of none, 0.</summary>
    public Var<T> Mean() => TotalOperation<T>.Record(this, 1.0 / Math.Max(1, Node.Elements));

    /// <summary>The sum along one dimension, which goes.</summary>
    /// <param name="axis">The dimension, from 0; negative from the end.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such dimension.</exception>
    public Var<T> Sum(int axis) => AxisOperation<T>.Record(this, axis, isMean: false);

    /// <summary>The mean along one dimension, which goes.</summary>
    /// <inheritdoc cref="Sum(int)"/>
    public Var<T> Mean(int axis) => AxisOperation<T>.Record(this, axis, isMean: true);
}
