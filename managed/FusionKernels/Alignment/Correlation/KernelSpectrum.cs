using System.Numerics;
using FusionKernels.Kernels.Correlation;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Grams;
using FusionKernels.Kernels.Simd;

namespace FusionKernels;

/// <summary>The spectrum of a centred Gram matrix or of its low-rank factor, and the way back from its eigenvectors to functions of a row.</summary>
/// <typeparam name="T">The element of the rows.</typeparam>
/// <param name="Basis">The functions.</param>
/// <param name="Map">From functions to columns of the factor; null for none.</param>
/// <param name="Means">Over the training rows: of the factor's columns, or of the Gram matrix's.</param>
/// <param name="Values">Eigenvalues of the centred matrix above rounding, in descending order.</param>
/// <param name="Vectors">Eigenvectors in columns: of the matrix where it is dense, of the factor's scatter otherwise.</param>
/// <param name="IsDense">Whether the matrix is dense.</param>
internal sealed record KernelSpectrum<T>(KernelBasis<T> Basis, DenseMatrix? Map, double[] Means, double[] Values, DenseMatrix Vectors, bool IsDense)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>How far below 0 an eigenvalue may come, relative to the largest, before the matrix is not positive semi-definite.</summary>
    private const double MostNegative = 1e-3;

    /// <summary>The numerical rank.</summary>
    public int Rank => Values.Length;

    /// <summary>The spectra of one Gram matrix or of two of the same rows, and the products of the eigenvectors of two.</summary>
    /// <param name="inputs">One or two.</param>
    /// <param name="options">The route.</param>
    /// <param name="engine">The host.</param>
    /// <param name="settings">How to run.</param>
    public static (KernelSpectrum<T>[] Sides, DenseMatrix? Cross) Of(KernelInput<T>[] inputs, KernelFactorOptions options, HostEngine engine, in RunSettings settings)
    {
        Require(options);
        DenseAlgebra algebra = new(engine, settings);
        GramOptions gramOptions = GramColumns<T>.Options(options);
        KernelSpectrum<T>[] sides = new KernelSpectrum<T>[inputs.Length];
        if (options.Approximation == KernelApproximation.Dense)
        {
            for (int side = 0; side < sides.Length; side++)
            {
                sides[side] = Dense(algebra, inputs[side].Prepare(options, algebra, engine).Basis, inputs[side].Gram(engine, gramOptions, settings), settings.Operation);
                settings.Progress?.Report((side + 1.0) / sides.Length);
            }

            return (sides, sides.Length < 2 ? null : algebra.TransposedMultiply(sides[0].Vectors, sides[1].Vectors));
        }

        (KernelBasis<T> Basis, DenseMatrix? Map)[] prepared = new (KernelBasis<T>, DenseMatrix?)[inputs.Length];
        int[] offsets = new int[inputs.Length + 1];
        for (int side = 0; side < inputs.Length; side++)
        {
            prepared[side] = inputs[side].Prepare(options, algebra, engine);
            offsets[side + 1] = offsets[side] + (prepared[side].Map?.Columns ?? prepared[side].Basis.Size);
        }

        (double[] means, DenseMatrix scatter) = Scatter(inputs, prepared, offsets, gramOptions, engine, settings);
        for (int side = 0; side < sides.Length; side++)
        {
            int first = offsets[side], width = offsets[side + 1] - first;
            (double[] values, DenseMatrix vectors) = algebra.SymmetricEigen(scatter.Part(first, width, first, width));
            int kept = Above(values, inputs[side].Rows);
            sides[side] = new(prepared[side].Basis, prepared[side].Map, means[first..offsets[side + 1]], values[..kept], vectors.FirstColumns(kept), IsDense: false);
        }

        return (sides, sides.Length < 2 ? null : Cross(algebra, sides, scatter.Part(0, offsets[1], offsets[1], offsets[2] - offsets[1])));
    }

    /// <summary>Eigenvalues that are more than the rounding of a Gram matrix of so many rows in its precision.</summary>
    public static int Above(double[] values, int rows)
    {
        double tolerance = 8 * Math.Sqrt(rows) * Epsilon.Of<T>();
        return values.Count(value => value > 0 && value > tolerance * values[0]);
    }

    /// <summary>Functions of a row that are, in the training rows, the orthonormal eigenvectors times the coordinates.</summary>
    /// <param name="algebra">Who multiplies.</param>
    /// <param name="coordinates">rank x components.</param>
    public KernelVariates<T> Variates(in DenseAlgebra algebra, DenseMatrix coordinates)
    {
        DenseMatrix scaled = coordinates.Copy();
        for (int i = 0; i < scaled.Rows; i++)
        {
            double divisor = IsDense ? Values[i] : Math.Sqrt(Values[i]);
            foreach (ref double value in scaled.Row(i)) value /= divisor;
        }

        DenseMatrix weights = algebra.Multiply(Vectors, scaled);
        if (IsDense) RemoveMeans(weights);
        double[] offsets = new double[weights.Columns];
        for (int i = 0; i < weights.Rows; i++)
        {
            for (int k = 0; k < offsets.Length; k++) offsets[k] -= Means[i] * weights[i, k];
        }

        return new(Basis, Map is null ? weights : algebra.Multiply(Map, weights), offsets);
    }

    private static void Require(KernelFactorOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Rank, 1, nameof(options));
        if (!(options.Tolerance is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(options), options.Tolerance, "the tolerance is a share of the trace, 0 to 1");
    }

    private static KernelSpectrum<T> Dense(in DenseAlgebra algebra, KernelBasis<T> basis, DenseMatrix gram, string operation)
    {
        double[] means = GramCentre.RowMeans(gram.Ref);
        GramCentre.Apply(gram.Ref, means, means, means.Average());
        (double[] values, DenseMatrix vectors) = algebra.SymmetricEigen(gram);
        if (values[^1] < -MostNegative * Math.Abs(values[0]))
        {
            throw new NumericalException(operation, "the Gram matrix", FormattableString.Invariant($"it has eigenvalues from {values[0]:g3} to {values[^1]:g3} when centred and is not positive semi-definite; take another kernel"));
        }

        int kept = Above(values, gram.Rows);
        return new(basis, null, means, values[..kept], vectors.FirstColumns(kept), IsDense: true);
    }

    private static (double[] Means, DenseMatrix Scatter) Scatter(
        KernelInput<T>[] inputs, (KernelBasis<T> Basis, DenseMatrix? Map)[] prepared, int[] offsets, GramOptions options, HostEngine engine, in RunSettings settings)
    {
        DenseAlgebra algebra = new(engine, settings);
        ScatterSum sum = new(engine, offsets[^1], isCentred: false, settings);
        int rows = inputs[0].Rows, blockRows = prepared.Min(one => one.Basis.BlockRows);
        for (int row = 0; row < rows; row += blockRows)
        {
            DenseMatrix block = new(Math.Min(blockRows, rows - row), offsets[^1]);
            for (int side = 0; side < inputs.Length; side++)
            {
                DenseMatrix values = prepared[side].Basis.Evaluate(inputs[side].Tensor, row, block.Rows, options);
                if (prepared[side].Map is { } map) values = algebra.Multiply(values, map);
                for (int i = 0; i < block.Rows; i++) values.Row(i).CopyTo(block.Row(i)[offsets[side]..]);
            }

            sum.Add(block);
            settings.Progress?.Report((row + block.Rows) / (double)rows);
        }

        return sum.Centred();
    }

    /// <summary>The products of the sides' orthonormal eigenvectors, from those of their factors.</summary>
    private static DenseMatrix Cross(in DenseAlgebra algebra, KernelSpectrum<T>[] sides, DenseMatrix scatter)
    {
        DenseMatrix cross = algebra.TransposedMultiply(sides[0].Vectors, algebra.Multiply(scatter, sides[1].Vectors));
        for (int i = 0; i < cross.Rows; i++)
        {
            for (int j = 0; j < cross.Columns; j++) cross[i, j] /= Math.Sqrt(sides[0].Values[i]) * Math.Sqrt(sides[1].Values[j]);
        }

        return cross;
    }

    /// <summary>Makes the columns sum to 0, as eigenvectors of a centred matrix do but for rounding: what the kernel adds to all training rows alike then drops out.</summary>
    private static void RemoveMeans(DenseMatrix weights)
    {
        double[] means = ColumnMeans.Of(weights);
        for (int i = 0; i < weights.Rows; i++)
        {
            for (int k = 0; k < means.Length; k++) weights[i, k] -= means[k];
        }
    }
}
