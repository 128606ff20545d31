using System.Numerics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Decompositions;

/// <summary>Range searches on any engine.</summary>
internal static unsafe class RangeRun
{
    /// <summary>Finds so many columns, or, with a tolerance, as many as it takes.</summary>
    /// <param name="engine">Who runs it.</param>
    /// <param name="host">The host beside it.</param>
    /// <param name="matrix">rows x columns, finite.</param>
    /// <param name="width">The columns, or the most of them; at most the smaller extent.</param>
    /// <param name="tolerance">0, or the largest spectral norm of what may be left.</param>
    /// <param name="seed">Of the random columns.</param>
    /// <param name="powers">Applications of A Aᵀ.</param>
    /// <param name="settings">How to run.</param>
    /// <returns>rows x width, row by row; the width; a bound of the spectral norm of what is left.</returns>
    /// <exception cref="NumericalException">A product is beyond the range of the element.</exception>
    public static (T[] Basis, int Width, double Bound) Find<T>(
        Engine engine, HostEngine host, MatrixRef<T> matrix, int width, double tolerance, ulong seed, int powers, in RunSettings settings)
        where T : unmanaged, INumberBase<T>
    {
        fixed (T* elements = matrix)
        {
            RangeSearch<T> search = new(engine, host, matrix.At(elements), seed, powers, settings);
            (T[] Basis, int Width, double Bound) found = tolerance > 0 ? search.ToTolerance(tolerance, width) : default;
            if (found.Basis is null)
            {
                T[] basis = search.OfWidth(width);
                found = (basis, width, search.Left(basis, width));
            }

            if (!double.IsFinite(found.Bound)) throw new NumericalException(settings.Operation, "A times random columns", $"it is beyond the range of {Element.NameOf<T>()}: scale the matrix");
            settings.Progress?.Report(1);
            return found;
        }
    }
}
