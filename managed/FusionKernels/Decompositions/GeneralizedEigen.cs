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

        int size = checked((int)a.Lengths[0]), kept = options?.Count ?? size;
        if (kept < 0 || kept > size) throw new ArgumentOutOfRangeException(nameof(options), kept, $"the matrices are {size} x {size}: they have {size} eigenvalues");
        using Execution execution = Execution.Begin<T>(options, Name);
        SymmetricEigenPlan plan = new(size, 1, kept, options?.Vectors ?? true, Element.SizeOf<T>());
        HostEngine host = HostExecution.EngineBeside(options);
        (DenseMatrix left, double scaleA) = SpectrumInput.Symmetric(host, a.AsReadOnlyTensorSpan().AsMatrix(nameof(a)), execution.Settings with { Operation = $"{Name}, '{nameof(a)}'" });
        (DenseMatrix right, double scaleB) = SpectrumInput.Symmetric(host, b.AsReadOnlyTensorSpan().AsMatrix(nameof(b)), execution.Settings with { Operation = $"{Name}, '{nameof(b)}'" });
        double[] values;
        double[]? vectors;
        string route;
        if (HostExecution.IsHost(execution.Device))
        {
            (values, vectors, route) = GeneralizedEigenRun.Solve(execution.Engine, plan, left.Elements, right.Elements, scaleB, execution.Settings);
        }
        else
        {
            (T[] narrow, T[]? columns, route) = GeneralizedEigenRun.Solve(
                execution.Engine, plan, Array.ConvertAll(left.Elements, Element.Of<T>), Array.ConvertAll(right.Elements, Element.Of<T>), scaleB, execution.Settings);
            values = Array.ConvertAll(narrow, Element.ToDouble);
            vectors = columns is null ? null : Array.ConvertAll(columns, Element.ToDouble);
        }

        route = $"Cholesky factor of B, then {route}";
        double flops = plan.Flops + ((7.0 / 3 * size * size * size) + (vectors is null ? 0 : (double)size * size * kept));
        execution.Complete<T>(route, flops, plan.Bytes + (16L * size * size));
        int exponent = Math.ILogB(scaleA) - Math.ILogB(scaleB);
        Tensor<T> spectrum = Tensor.Create(Narrowed<T>(values, value => Math.ScaleB(value, exponent), "the eigenvalues"), [kept]);
        if (vectors is null) return new(spectrum, null, route);
        OrientColumns(vectors, kept);
        double length = 1 / Math.Sqrt(scaleB);
        return new(spectrum, Tensor.Create(Narrowed<T>(vectors, value => value * length, "the eigenvectors"), [size, kept]), route);
    }

    private static T[] Narrowed<T>(double[] values, Converter<double, double> scale, string what)
        where T : unmanaged
    {
        T[] result = Array.ConvertAll(values, value => Element.Of<T>(scale(value)));
        if (Array.Exists(result, value => !double.IsFinite(Element.ToDouble(value))))
        {
            throw new NumericalException(Name, what, $"they are beyond the range of {Element.NameOf<T>()}: scale the matrices");
        }

        return result;
    }

    /// <summary>Makes the entry of largest magnitude, the first of equals, of every column positive.</summary>
    private static void OrientColumns(double[] vectors, int columns)
    {
        for (int j = 0; j < columns; j++)
        {
            double largest = 0;
            for (int i = j; i < vectors.Length; i += columns)
            {
                if (Math.Abs(vectors[i]) > Math.Abs(largest)) largest = vectors[i];
            }

            if (largest >= 0) continue;
            for (int i = j; i < vectors.Length; i += columns) vectors[i] = -vectors[i];
        }
    }
}
