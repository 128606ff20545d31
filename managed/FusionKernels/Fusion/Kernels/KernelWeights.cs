using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Fusion;

namespace FusionKernels;

/// <summary>Weights of kernels learned from targets: alignment, margins and multiple-kernel learning over any Gram matrices.</summary>
/// <remarks>
/// Gram matrices are symmetric, of one size, not yet centred, and comparable: diagonals of 1, say. Weights are 0 or more and add up to
/// 1. On the host in float64; ALIGN and ALIGNF read every matrix once, n^2 kernels^2 operations. The same bits for any number of threads.
/// NaN and infinities are rejected. Thread-safe.
/// </remarks>
public static partial class KernelWeights
{
    /// <summary>Weights in proportion to centred alignment with the classes (Cortes, Mohri and Rostamizadeh 2012, section 4.1); negative ones are 0.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="grams">Gram matrices of the same rows: n x n each.</param>
    /// <param name="labels">n labels of two classes at least; the target is 1 where two rows are of one class.</param>
    /// <param name="options">Threads; null for the defaults. The device must be a host, or unset.</param>
    /// <exception cref="ArgumentException">Shapes do not fit, there is one class only, or an element is not finite; no kernel is aligned with the targets at all.</exception>
    /// <exception cref="NotSupportedException">The options name a device that is no host.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static KernelWeightsResult Align<T>(IReadOnlyList<Tensor<T>> grams, ReadOnlySpan<int> labels, KernelWeightsOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Align(grams, new ClassPairs(labels).Indicators(), labels.Length, options);

    /// <summary>Weights of 0 or more that make the centred alignment of the sum with the classes largest (Cortes, Mohri and Rostamizadeh 2012, section 4.2, by non-negative least squares).</summary>
    /// <inheritdoc cref="Align{T}(IReadOnlyList{Tensor{T}}, ReadOnlySpan{int}, KernelWeightsOptions?)"/>
    public static KernelWeightsResult AlignF<T>(IReadOnlyList<Tensor<T>> grams, ReadOnlySpan<int> labels, KernelWeightsOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => AlignF(grams, new ClassPairs(labels).Indicators(), labels.Length, options);

    /// <summary>As <see cref="Align{T}(IReadOnlyList{Tensor{T}}, ReadOnlySpan{int}, KernelWeightsOptions?)"/>, with targets of regression.</summary>
    /// <param name="grams">Gram matrices of the same rows: n x n each.</param>
    /// <param name="targets">n x outputs, or n values.</param>
    /// <param name="options">Threads; null for the defaults. The device must be a host, or unset.</param>
    /// <inheritdoc cref="Align{T}(IReadOnlyList{Tensor{T}}, ReadOnlySpan{int}, KernelWeightsOptions?)" path="/typeparam|/exception"/>
    public static KernelWeightsResult Align<T>(IReadOnlyList<Tensor<T>> grams, Tensor<double> targets, KernelWeightsOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Align(grams, Flat(targets), (int)targets.Lengths[0], options);

    /// <summary>As <see cref="AlignF{T}(IReadOnlyList{Tensor{T}}, ReadOnlySpan{int}, KernelWeightsOptions?)"/>, with targets of regression.</summary>
    /// <inheritdoc cref="Align{T}(IReadOnlyList{Tensor{T}}, Tensor{double}, KernelWeightsOptions?)"/>
    public static KernelWeightsResult AlignF<T>(IReadOnlyList<Tensor<T>> grams, Tensor<double> targets, KernelWeightsOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => AlignF(grams, Flat(targets), (int)targets.Lengths[0], options);

    private static KernelWeightsResult Align<T>(IReadOnlyList<Tensor<T>> grams, double[] targets, int rows, KernelWeightsOptions? options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const string Name = "KernelWeights.Align";
        using Execution execution = HostExecution.Begin<T>(options, Name);
        Products products = ProductsOf(grams, targets, rows, execution, Name);
        double[] weights = [.. products.Alignments.Select(alignment => Math.Max(0, alignment))];
        return Result<T>(products, weights, rows, execution);
    }

    private static KernelWeightsResult AlignF<T>(IReadOnlyList<Tensor<T>> grams, double[] targets, int rows, KernelWeightsOptions? options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const string Name = "KernelWeights.AlignF";
        using Execution execution = HostExecution.Begin<T>(options, Name);
        Products products = ProductsOf(grams, targets, rows, execution, Name);
        HostEngine engine = (HostEngine)execution.Engine;
        RunSettings settings = execution.Parts with { Progress = null };

        // v' M v - 2 v' a = |S U'v - U'a / S|^2 + constant, with M = U S^2 U' without what is no more than rounding.
        int count = grams.Count;
        DenseMatrix m = new(count, count);
        for (int a = 0; a < count; a++)
        {
            for (int b = 0; b < count; b++) m[a, b] = products.Pairs[a, b];
        }

        (double[] values, DenseMatrix vectors) = new DenseAlgebra(engine, settings).SymmetricEigen(m);
        int rank = values.Count(value => value > count * 1e-14 * values[0]);
        DenseMatrix root = new(rank, count);
        double[] right = new double[rank];
        for (int r = 0; r < rank; r++)
        {
            double scale = Math.Sqrt(values[r]);
            for (int j = 0; j < count; j++)
            {
                root[r, j] = scale * vectors[j, r];
                right[r] += vectors[j, r] * products.Pairs[j, count] / scale;
            }
        }

        return Result<T>(products, rank == 0 ? new double[count] : new NonNegativeHost(engine, root, settings).Solve(right).X, rows, execution);
    }

    private static KernelWeightsResult Result<T>(Products products, double[] weights, int rows, in Execution execution)
        where T : unmanaged
    {
        double sum = weights.Sum();
        if (!(sum > 0)) throw new ArgumentException("no kernel is aligned with the targets: there is nothing to weight");
        for (int m = 0; m < weights.Length; m++) weights[m] /= sum;
        double toTargets = 0, own = 0;
        for (int a = 0; a < weights.Length; a++)
        {
            toTargets += weights[a] * products.Pairs[a, weights.Length];
            for (int b = 0; b < weights.Length; b++) own += weights[a] * weights[b] * products.Pairs[a, b];
        }

        execution.CompleteWhole<T>($"inner products of {weights.Length} centred matrices and the targets", (double)rows * rows * (weights.Length + 1) * (weights.Length + 2), 8L * rows * (weights.Length + 1));
        return new(weights, products.Alignments, null, toTargets / Math.Sqrt(own * products.Pairs[weights.Length, weights.Length]), 0);
    }

    private static double[] Flat(Tensor<double> targets)
    {
        ArgumentNullException.ThrowIfNull(targets);
        if (targets.Rank is not (1 or 2)) throw new ArgumentException($"'{nameof(targets)}' is {Shape.Of(targets.Lengths)}; rows x outputs is needed", nameof(targets));
        double[] values = new double[targets.FlattenedLength];
        targets.FlattenTo(values);
        int wrong = Array.FindIndex(values, value => !double.IsFinite(value));
        if (wrong >= 0) throw new ArgumentException($"target {wrong} is not a finite number", nameof(targets));
        return values;
    }

    private static Products ProductsOf<T>(IReadOnlyList<Tensor<T>> grams, double[] targets, int rows, in Execution execution, string operation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using PinnedGrams<T> pinned = new(grams, rows, operation, requireFinite: false);
        double[,] pairs = GramInnerProducts.Centred((HostEngine)execution.Engine, pinned.Operands, targets, execution.Parts);
        int count = grams.Count;
        double[] alignments = new double[count];
        for (int m = 0; m < count; m++)
        {
            double own = Math.Sqrt(Math.Max(0, pairs[m, m])) * Math.Sqrt(pairs[count, count]);
            alignments[m] = own > 0 ? pairs[m, count] / own : 0;
        }

        return new(pairs, alignments);
    }

    /// <summary>Centred inner products, the targets last, and alignments with the targets.</summary>
    private sealed record Products(double[,] Pairs, double[] Alignments);
}
