using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Decompositions.Spectra;

/// <summary>Eigenvalues and singular values on any engine.</summary>
/// <remarks>On the host computed in float64 whatever the element; bits depend on the shapes alone, not on threads.</remarks>
internal static unsafe class Spectra
{
    /// <summary>The largest eigenvalues of symmetric matrices, and their vectors.</summary>
    /// <param name="engine">Who runs it.</param>
    /// <param name="plan">What is to be done.</param>
    /// <param name="matrix">The first matrix.</param>
    /// <param name="matrixStride">Elements from matrix to matrix.</param>
    /// <param name="values">Items x kept.</param>
    /// <param name="vectors">The first matrix's vectors: size x kept, columns consecutive; default where none are wanted.</param>
    /// <param name="vectorStride">Elements from vectors to vectors.</param>
    /// <param name="settings">How to run.</param>
    /// <returns>The route that was taken, in words.</returns>
    /// <exception cref="ArgumentException">An element is not finite, or a matrix is not symmetric; the place is named.</exception>
    public static string SymmetricEigen<T>(
        Engine engine, SymmetricEigenPlan plan, MatrixRef<T> matrix, long matrixStride, MatrixRef<T> values, MatrixRef<T> vectors, long vectorStride, in RunSettings settings)
        where T : unmanaged
    {
        SpectraOutcome outcome = new() { Route = plan.Reason };
        fixed (T* pMatrix = matrix, pValues = values, pVectors = vectors)
        {
            SymmetricEigenCall<T> call = new()
            {
                Plan = plan,
                Matrix = matrix.At(pMatrix),
                MatrixStride = matrixStride,
                Values = values.At(pValues),
                Vectors = vectors.IsAbsent ? default : vectors.At(pVectors),
                VectorStride = vectorStride,
                Outcome = outcome,
                Settings = settings,
            };
            engine.Execute(ref call);
        }

        return outcome.Route;
    }

    /// <summary>The largest singular values of a matrix, and their vectors.</summary>
    /// <param name="engine">Who runs it.</param>
    /// <param name="plan">What is to be done.</param>
    /// <param name="matrix">rows x columns.</param>
    /// <param name="u">rows x kept, or rows x rows; default where none are wanted.</param>
    /// <param name="values">1 x kept.</param>
    /// <param name="v">columns x kept, or columns x columns.</param>
    /// <param name="settings">How to run.</param>
    /// <returns>The route that was taken, in words.</returns>
    /// <exception cref="ArgumentException">An element is not finite; the place is named.</exception>
    /// <exception cref="NumericalException">The iteration did not converge.</exception>
    public static string Svd<T>(Engine engine, SvdPlan plan, MatrixRef<T> matrix, MatrixRef<T> u, MatrixRef<T> values, MatrixRef<T> v, in RunSettings settings)
        where T : unmanaged => SvdBatch(engine, plan, 1, matrix, u, values, v, settings);

    /// <summary>The same for many matrices of one shape; the first ones are given, the others follow densely.</summary>
    /// <inheritdoc cref="Svd{T}"/>
    public static string SvdBatch<T>(
        Engine engine, SvdPlan plan, int items, MatrixRef<T> matrix, MatrixRef<T> u, MatrixRef<T> values, MatrixRef<T> v, in RunSettings settings)
        where T : unmanaged
    {
        SpectraOutcome outcome = new() { Route = plan.Reason };
        fixed (T* pMatrix = matrix, pU = u, pValues = values, pV = v)
        {
            SvdCall<T> call = new()
            {
                Plan = plan,
                Items = items,
                Matrix = matrix.At(pMatrix),
                Values = values.At(pValues),
                U = u.IsAbsent ? default : u.At(pU),
                V = v.IsAbsent ? default : v.At(pV),
                Outcome = outcome,
                Settings = settings,
            };
            engine.Execute(ref call);
        }

        return outcome.Route;
    }
}
