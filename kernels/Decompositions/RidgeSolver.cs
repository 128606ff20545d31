using System.Runtime.InteropServices;
using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Decompositions;

/// <summary>(K + ridge I) A = Y in float64 on the host: Cholesky, then refinement against K as it was given.</summary>
internal static unsafe class RidgeSolver
{
    /// <summary>Refinements after which no more digits come: each gains about as many as the factor has, and there are 53.</summary>
    private const int MostRefinements = 5;

    /// <summary>Solves for the coefficients.</summary>
    /// <param name="engine">The host.</param>
    /// <param name="gram">size x size, symmetric.</param>
    /// <param name="ridge">Added to the diagonal.</param>
    /// <param name="targets">size x width, row-major.</param>
    /// <param name="coefficients">size x width, row-major; receives A.</param>
    /// <param name="settings">How to run.</param>
    /// <exception cref="ArgumentException">K is not finite or not symmetric.</exception>
    /// <exception cref="NumericalException">K + ridge I is not positive definite.</exception>
    /// <returns>|Y - (K + ridge I) A| / |Y|, in the Frobenius norm, and the refinements that were made.</returns>
    public static (double Residual, int Refinements) Solve<T>(
        HostEngine engine, MatrixRef<T> gram, double ridge, ReadOnlySpan<double> targets, Span<double> coefficients, in RunSettings settings)
        where T : unmanaged
    {
        int size = gram.Rows, width = size == 0 ? 0 : targets.Length / size;
        double* factor = (double*)NativeMemory.AlignedAlloc((nuint)Math.Max(1, (long)size * size) * sizeof(double), Scratch.Alignment);
        try
        {
            fixed (T* values = gram)
            {
                Operand<T> matrix = gram.At(values);
                RidgeMatrix.Fill(engine, matrix, ridge, factor, settings);
                CholeskyHost.Factor(engine, factor, size, size, settings);
                Refinement<T> refinement = new(engine, matrix, ridge, factor, width, settings with { Progress = null });
                return refinement.Run(targets, coefficients);
            }
        }
        finally
        {
            NativeMemory.AlignedFree(factor);
        }
    }

    /// <summary>result = K A, row by row of K.</summary>
    /// <param name="engine">The host.</param>
    /// <param name="gram">rows x training rows.</param>
    /// <param name="coefficients">training rows x width, row-major.</param>
    /// <param name="width">Outputs.</param>
    /// <param name="result">rows x width, row-major.</param>
    /// <param name="settings">How to run.</param>
    public static void Predict<T>(
        HostEngine engine, MatrixRef<T> gram, ReadOnlySpan<double> coefficients, int width, Span<double> result, in RunSettings settings)
        where T : unmanaged
    {
        result.Clear();
        fixed (T* values = gram)
        fixed (double* right = coefficients, predicted = result)
        {
            WidenedProduct.Add(engine, gram.At(values), right, width, 1, predicted, settings);
        }
    }

    private static double Norm(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values) sum += value * value;
        return Math.Sqrt(sum);
    }

    private readonly struct Refinement<T>(HostEngine engine, Operand<T> matrix, double ridge, double* factor, int width, RunSettings settings)
        where T : unmanaged
    {
        public (double Residual, int Refinements) Run(ReadOnlySpan<double> targets, Span<double> coefficients)
        {
            double scale = Norm(targets);
            targets.CopyTo(coefficients);
            Solve(coefficients);
            double[] residual = new double[targets.Length], candidate = new double[targets.Length];
            double norm = Residual(targets, coefficients, residual);
            int refinements = 0;
            while (refinements < MostRefinements && norm > 0)
            {
                Solve(residual);
                for (int i = 0; i < candidate.Length; i++) candidate[i] = coefficients[i] + residual[i];
                double refined = Residual(targets, candidate, residual);
                if (!(refined < norm)) break;
                candidate.CopyTo(coefficients);
                refinements++;
                bool stalled = refined > norm / 2;
                norm = refined;
                if (stalled) break;
            }

            return (scale == 0 ? 0 : norm / scale, refinements);
        }

        private void Solve(Span<double> right)
        {
            fixed (double* values = right) CholeskyHost.Solve(engine, factor, matrix.Rows, matrix.Rows, values, width, width, settings);
        }

        /// <summary>residual = targets - ridge solution - K solution; gives its norm.</summary>
        private double Residual(ReadOnlySpan<double> targets, ReadOnlySpan<double> solution, Span<double> residual)
        {
            for (int i = 0; i < residual.Length; i++) residual[i] = targets[i] - (ridge * solution[i]);
            fixed (double* right = solution, result = residual) WidenedProduct.Add(engine, matrix, right, width, -1, result, settings);
            return Norm(residual);
        }
    }
}
