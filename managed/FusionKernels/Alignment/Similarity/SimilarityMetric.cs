using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Matching;

namespace FusionKernels;

/// <summary>What makes two rows similar: cosine, cosine about the means, dot product, RBF, or any kernel.</summary>
/// <remarks>A <see cref="Kernel"/> is a metric by itself, by conversion. Greater is more similar. Immutable and thread-safe.</remarks>
public sealed class SimilarityMetric
{
    private readonly string _name;
    private readonly Kernel _kernel;
    private readonly bool _isCentered;
    private readonly double[]? _meansA;
    private readonly double[]? _meansB;

    private SimilarityMetric(string name, Kernel kernel, bool isCentered = false, double[]? meansA = null, double[]? meansB = null) =>
        (_name, _kernel, _isCentered, _meansA, _meansB) = (name, kernel, isCentered, meansA, meansB);

    /// <summary>x.y / (|x| |y|), in [-1, 1] up to rounding; 0 where either row is zero.</summary>
    public static SimilarityMetric Cosine { get; } = new("cosine", Kernel.Cosine());

    /// <summary>The cosine after the mean of its own side's rows was subtracted from every row.</summary>
    /// <remarks>
    /// The features of two learned spaces share axes but seldom an origin. Of differences from the mean, those within its rounding
    /// error count as 0, so that constant rows have no direction. NaN and infinities are rejected whatever the options say.
    /// </remarks>
    public static SimilarityMetric CenteredCosine { get; } = new("centred cosine", Kernel.Cosine(), isCentered: true);

    /// <summary>x.y, of any range.</summary>
    public static SimilarityMetric DotProduct { get; } = new("dot", Kernel.Linear());

    /// <summary>The cosine after given means were subtracted: those of the training rows of either side.</summary>
    /// <param name="meansA">One mean per feature, for the rows of a.</param>
    /// <param name="meansB">One mean per feature, for the rows of b.</param>
    /// <exception cref="ArgumentException">The lengths differ, or a mean is not finite.</exception>
    public static SimilarityMetric CenteredCosineBy(ReadOnlySpan<double> meansA, ReadOnlySpan<double> meansB)
    {
        if (meansA.Length != meansB.Length) throw new ArgumentException($"there are means of {meansA.Length} features for a and of {meansB.Length} for b: both sides need the same features", nameof(meansB));
        RequireFinite(meansA, nameof(meansA));
        RequireFinite(meansB, nameof(meansB));
        return new("centred cosine", Kernel.Cosine(), isCentered: true, meansA.ToArray(), meansB.ToArray());
    }

    /// <summary>exp(-gamma |x - y|^2), in (0, 1].</summary>
    /// <param name="gamma">Factor of the exponent, above 0; null for 1 / features.</param>
    /// <exception cref="ArgumentOutOfRangeException">gamma is not above 0.</exception>
    public static SimilarityMetric Rbf(double? gamma = null) => new("rbf", Kernel.Rbf(gamma));

    /// <summary>Any kernel; a centred one is centred by the means of the side whose rows are found, so that the two directions differ.</summary>
    /// <param name="kernel">The kernel.</param>
    public static SimilarityMetric FromKernel(Kernel kernel)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        return new(kernel.ToString(), kernel);
    }

    /// <summary>Any kernel.</summary>
    /// <param name="kernel">The kernel.</param>
    public static implicit operator SimilarityMetric(Kernel kernel) => FromKernel(kernel);

    /// <summary>The name, or the kernel's formula.</summary>
    public override string ToString() => _name;

    /// <summary>The rows and the kernel whose Gram matrix of a against b holds the similarities.</summary>
    /// <exception cref="ArgumentException">The sides differ in features, or in what the means are of.</exception>
    internal (Tensor<T> A, Tensor<T> B, Kernel Kernel) Prepare<T>(Tensor<T> a, Tensor<T> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        MatrixRef<T> rowsA = a.AsReadOnlyTensorSpan().AsMatrix(nameof(a)), rowsB = b.AsReadOnlyTensorSpan().AsMatrix(nameof(b));
        if (rowsA.Columns != rowsB.Columns)
        {
            throw new ArgumentException($"a has {rowsA.Columns} features, b has {rowsB.Columns}: both sides need the same features in the same order, as a learned space gives them");
        }

        if (!_isCentered) return (a, b, _kernel);
        if (_meansA is not null && _meansA.Length != rowsA.Columns)
        {
            throw new ArgumentException($"the means are of {_meansA.Length} features, a and b have {rowsA.Columns}");
        }

        return (Centered(rowsA, _meansA, nameof(a)), Centered(rowsB, _meansB, nameof(b)), _kernel);
    }

    private static Tensor<T> Centered<T>(MatrixRef<T> rows, double[]? means, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] centred = new T[checked(rows.Rows * rows.Columns)];
        (int row, int column) = ColumnCentre.Subtract(rows, means, centred);
        if (row >= 0) throw new ArgumentException($"{name}[{row}, {column}] is not a finite number: remove the row", name);
        return Tensor.Create(centred, [rows.Rows, rows.Columns]);
    }

    private static void RequireFinite(ReadOnlySpan<double> means, string name)
    {
        for (int k = 0; k < means.Length; k++)
        {
            if (!double.IsFinite(means[k])) throw new ArgumentException($"{name}[{k}] is {means[k]}: a finite mean is needed", name);
        }
    }
}
