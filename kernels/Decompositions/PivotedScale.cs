using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Decompositions;

/// <summary>What brings the largest diagonal of a matrix between 1/4 and 1, by a power of four: exact, as is its root, and no square over- or underflows after.</summary>
/// <param name="Exponent">The power of two that was taken out of the elements; even.</param>
/// <param name="Trace">The trace of the matrix as it was given.</param>
/// <param name="Noise">The scaled residual that is noise.</param>
/// <param name="Floor">The scaled residual, below 0, under which the matrix is not semi-definite.</param>
internal readonly record struct PivotedScale(int Exponent, double Trace, double Noise, double Floor)
{
    /// <summary>Scales a matrix in place; diagonals that rounding left below 0 become 0.</summary>
    /// <param name="matrix">size x size.</param>
    /// <param name="size">Rows.</param>
    /// <param name="noise">The share of the largest diagonal that is noise.</param>
    /// <param name="operation">For errors.</param>
    /// <exception cref="NumericalException">A diagonal is below 0 by more than noise; the row is named.</exception>
    public static PivotedScale Take<T>(Span<T> matrix, int size, double noise, string operation)
        where T : unmanaged
    {
        double largest = 0, trace = 0;
        for (int i = 0; i < size; i++) largest = Math.Max(largest, Element.ToDouble(matrix[(i * size) + i]));
        for (int i = 0; i < size; i++)
        {
            ref T diagonal = ref matrix[(i * size) + i];
            double value = Element.ToDouble(diagonal);
            if (value < -noise * largest) throw IncompleteCholeskyHost.NotSemiDefinite(operation, i, value, 0);
            if (value < 0) diagonal = default;
            trace += Math.Max(0, value);
        }

        int exponent = largest == 0 ? 0 : Math.Max(2 * ((Math.ILogB(largest) + 2) >> 1), -1000);
        double factor = Math.ScaleB(1, -exponent);
        foreach (ref T element in matrix) element = Element.Of<T>(Element.ToDouble(element) * factor);
        return new(exponent, trace, noise * largest * factor, -Math.Sqrt(Epsilon.Of<T>()) * largest * factor);
    }
}
