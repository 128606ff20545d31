using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Decompositions.Spectra;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels;

/// <summary>Eigenvalues and eigenvectors of symmetric pairs: A x = value B x with B positive definite.</summary>
/// <remarks>
/// The Cholesky factor L of B makes it the symmetric problem L⁻¹ A L⁻ᵀ y = value y, whose vectors are solved back: x = L⁻ᵀ y (Golub
/// and Van Loan 2013, algorithm 8.7.1). Errors grow with the condition of B. On the host in float64 whatever the element; on devices
/// each step runs there, in the element's precision. Beside <see cref="SymmetricEigen"/>: n^3 / 3 operations for the factor, 2 n^3 and
/// n^2 k for the solves, 16 n^2 bytes. A and B may be of any magnitude. NaN and infinity are rejected. The same bits for any number of
/// threads, and from run to run on one device. Thread-safe.
/// </remarks>
public static class GeneralizedEigen
{
    private const string Name = "GeneralizedEigen.Compute";
    private const string BatchName = "GeneralizedEigen.ComputeBatched";

    /// <summary>The eigenvalues of a pair, in descending order, and their vectors.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="a">size x size, symmetric.</param>
    /// <param name="b">size x size, symmetric and positive definite.</param>
    /// <param name="options">Count, vectors, device, threads; null for the defaults.</param>
    /// <exception cref="ArgumentException">A matrix is not square or not symmetric, their sizes differ, or an element is not finite; the place is named.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative or beyond the size.</exception>
    /// <exception cref="NotSupportedException">The element is neither float nor double, or the device has no kernel for it.</exception>
    /// <exception cref="NumericalException">B is not positive definite (the pivot is named), a result is beyond the range of the element, or the iteration did not converge.</exception>
    /// <exception cref="DeviceOutOfMemoryException">The device cannot hold the matrices.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static GeneralizedEigenResult<T> Compute<T>(Tensor<T> a, Tensor<T> b, SpectrumOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        if (a.Rank != 2 || a.Lengths[0] != a.Lengths[1]) throw new ArgumentException($"'{nameof(a)}' is {Shape.Of(a.Lengths)}; a symmetric matrix is square", nameof(a));
        if (b.Rank != 2 || b.Lengths[0] != a.Lengths[0] || b.Lengths[1] != a.Lengths[0])
        {
            throw new ArgumentException($"'{nameof(b)}' is {Shape.Of(b.Lengths)}, '{nameof(a)}' is {Shape.Of(a.Lengths)}: they must be of one shape", nameof(b));
        }

        int size = checked((int)a.Lengths[0]);
        return Compute(a, b, 1, size, Name, options);
    }

    /// <summary>The eigenvalues of many pairs of one size, and their vectors: on the host a pair a thread, on an accelerator side by side.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="a">items x size x size, each symmetric.</param>
    /// <param name="b">items x size x size, each symmetric and positive definite.</param>
    /// <param name="options">Count, vectors, device, threads; null for the defaults.</param>
    /// <returns>Values items x count, descending in each row; vectors items x size x count.</returns>
    /// <exception cref="ArgumentException">The tensors are no batches of square matrices of one shape, or a matrix is not symmetric or not finite; the item and the place are named.</exception>
    /// <exception cref="NumericalException">A matrix of b is not positive definite (the item and the pivot are named), a result is beyond the range of the element, or the iteration did not converge.</exception>
    /// <inheritdoc cref="Compute{T}(Tensor{T}, Tensor{T}, SpectrumOptions?)" path="/exception[@cref='T:System.ArgumentOutOfRangeException' or @cref='T:System.NotSupportedException' or @cref='T:FusionKernels.DeviceOutOfMemoryException' or @cref='T:System.OperationCanceledException']"/>
    public static GeneralizedEigenResult<T> ComputeBatched<T>(Tensor<T> a, Tensor<T> b, SpectrumOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (int items, int size, int columns) = BatchInput.Shaped(a, nameof(a));
        ArgumentNullException.ThrowIfNull(b);
        if (size != columns) throw new ArgumentException($"'{nameof(a)}' is {Shape.Of(a.Lengths)}; items x size x size is needed", nameof(a));
        if (!b.Lengths.SequenceEqual(a.Lengths)) throw new ArgumentException($"'{nameof(b)}' is {Shape.Of(b.Lengths)}, '{nameof(a)}' is {Shape.Of(a.Lengths)}: they must be of one shape", nameof(b));
        return Compute(a, b, items, size, BatchName, options);
    }

    private static GeneralizedEigenResult<T> Compute<T>(Tensor<T> a, Tensor<T> b, int items, int size, string name, SpectrumOptions? options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int kept = options?.Count ?? size;
        if (kept < 0 || kept > size) throw new ArgumentOutOfRangeException(nameof(options), kept, $"the matrices are {size} x {size}: they have {size} eigenvalues");
        using Execution execution = Execution.Begin<T>(options, name);
        SymmetricEigenPlan plan = new(size, items, kept, options?.Vectors ?? true, Element.SizeOf<T>());
        HostEngine host = HostExecution.EngineBeside(options);
        (double[] left, double[] scalesA) = Scaled(host, a, nameof(a), items, size, execution.Settings);
        (double[] right, double[] scalesB) = Scaled(host, b, nameof(b), items, size, execution.Settings);
        double[] values;
        double[]? vectors;
        string route;
        if (HostExecution.IsHost(execution.Device))
        {
            (values, vectors, route) = GeneralizedEigenRun.Solve(execution.Engine, plan, left, right, scalesB, execution.Settings);
        }
        else
        {
            (T[] narrow, T[]? columns, route) = GeneralizedEigenRun.Solve(
                execution.Engine, plan, Array.ConvertAll(left, Element.Of<T>), Array.ConvertAll(right, Element.Of<T>), scalesB, execution.Settings);
            values = Array.ConvertAll(narrow, Element.ToDouble);
            vectors = columns is null ? null : Array.ConvertAll(columns, Element.ToDouble);
        }

        route = $"Cholesky factor of B, then {route}";
        double square = (double)size * size;
        execution.CompleteWhole<T>(route, plan.Flops + (items * ((7.0 / 3 * size * square) + (vectors is null ? 0 : square * kept))), plan.Bytes + (16L * items * size * size));
        nint[] batch = a.Rank == 3 ? [items] : [];
        for (int i = 0; i < values.Length; i++) values[i] = Math.ScaleB(values[i], Math.ILogB(scalesA[i / kept]) - Math.ILogB(scalesB[i / kept]));
        Tensor<T> spectrum = Tensor.Create(Narrowed<T>(values, name, "the eigenvalues"), [.. batch, kept]);
        if (vectors is null) return new(spectrum, null, route);
        for (int item = 0; item < items; item++) OrientColumns(vectors.AsSpan(item * size * kept, size * kept), kept, 1 / Math.Sqrt(scalesB[item]));
        return new(spectrum, Tensor.Create(Narrowed<T>(vectors, name, "the eigenvectors"), [.. batch, size, kept]), route);
    }

    /// <summary>The matrices in float64, each divided by a power of two, and those.</summary>
    private static (double[] Matrices, double[] Scales) Scaled<T>(HostEngine host, Tensor<T> tensor, string name, int items, int size, in RunSettings settings)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] all = new T[checked(items * size * size)];
        tensor.FlattenTo(all);
        double[] matrices = new double[all.Length], scales = new double[items];
        for (int item = 0; item < items; item++)
        {
            string which = tensor.Rank == 3 ? $"{name}[{item}]" : name;
            MatrixRef<T> one = MatrixRef<T>.Of(all.AsSpan(item * size * size, size * size), size, size);
            (DenseMatrix copy, scales[item]) = SpectrumInput.Symmetric(host, one, settings with { Operation = $"{settings.Operation}, '{which}'" });
            copy.Elements.CopyTo(matrices, item * size * size);
        }

        return (matrices, scales);
    }

    private static T[] Narrowed<T>(double[] values, string name, string what)
        where T : unmanaged
    {
        T[] result = Array.ConvertAll(values, Element.Of<T>);
        if (Array.Exists(result, value => !double.IsFinite(Element.ToDouble(value))))
        {
            throw new NumericalException(name, what, $"they are beyond the range of {Element.NameOf<T>()}: scale the matrices");
        }

        return result;
    }

    /// <summary>Makes the entry of largest magnitude, the first of equals, of every column positive, and columns as long as is wanted.</summary>
    private static void OrientColumns(Span<double> vectors, int columns, double length)
    {
        for (int j = 0; j < columns; j++)
        {
            double largest = 0;
            for (int i = j; i < vectors.Length; i += columns)
            {
                if (Math.Abs(vectors[i]) > Math.Abs(largest)) largest = vectors[i];
            }

            for (int i = j; i < vectors.Length; i += columns) vectors[i] *= largest < 0 ? -length : length;
        }
    }
}
