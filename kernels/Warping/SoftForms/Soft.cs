using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Warping.SoftForms;

/// <summary>Soft alignments: soft dynamic time warping with its derivatives, and the global alignment kernel.</summary>
/// <remarks>Each table has one order of operations that depends on its shape and on the width of the vectors, so the bits do not depend on threads.</remarks>
internal static unsafe class Soft
{
    /// <summary>All pairs of the series of x and of y.</summary>
    /// <param name="engine">Who runs it.</param>
    /// <param name="problem">What is computed for a pair.</param>
    /// <param name="finish">What becomes of it.</param>
    /// <param name="x">The series of the rows.</param>
    /// <param name="y">Those of the columns; null for x against itself, where a pair is computed once if the window is symmetric.</param>
    /// <param name="result">rows x columns, in host memory.</param>
    /// <param name="settings">How to run.</param>
    /// <exception cref="NumericalException">Costs exceed what the element holds.</exception>
    public static void Values<T>(
        Engine engine, SoftProblem problem, SoftFinish finish, SeriesPack<T> x, SeriesPack<T>? y, MatrixRef<T> result, in RunSettings settings)
        where T : unmanaged
    {
        fixed (T* pResult = result)
        {
            SoftCall<T> call = new() { Problem = problem, Finish = finish, X = x, Y = y, Result = result.At(pResult), Settings = settings };
            engine.Execute(ref call);
        }
    }

    /// <summary>Values and derivatives of some pairs.</summary>
    /// <param name="engine">Who runs it.</param>
    /// <param name="problem">What is computed for a pair.</param>
    /// <param name="x">Series.</param>
    /// <param name="y">Others, or the same.</param>
    /// <param name="pairs">One of x and one of y each.</param>
    /// <param name="settings">How to run.</param>
    /// <exception cref="ArgumentException">The window leaves no path, or a pair needs more working memory than there is.</exception>
    /// <inheritdoc cref="Values{T}" path="/exception"/>
    public static SoftGradient<T>[] Gradients<T>(
        Engine engine, SoftProblem problem, SeriesPack<T> x, SeriesPack<T> y, (int X, int Y)[] pairs, in RunSettings settings)
        where T : unmanaged
    {
        SoftGradient<T>[] gradients = new SoftGradient<T>[pairs.Length];
        SoftCall<T> call = new() { Problem = problem, X = x, Y = y, Pairs = pairs, Gradients = gradients, Settings = settings };
        engine.Execute(ref call);
        return gradients;
    }

    /// <summary>The expected alignment of two series: by how much the value grows with the cost of each pair.</summary>
    /// <param name="engine">Who runs it.</param>
    /// <param name="problem">What is computed for a pair.</param>
    /// <param name="x">Holds one series.</param>
    /// <param name="y">Holds one series.</param>
    /// <param name="expected">rows x columns, row-major; pairs outside the window become 0.</param>
    /// <param name="settings">How to run.</param>
    /// <inheritdoc cref="Gradients{T}" path="/exception"/>
    public static SoftGradient<T> Expected<T>(
        Engine engine, SoftProblem problem, SeriesPack<T> x, SeriesPack<T> y, Span<T> expected, in RunSettings settings)
        where T : unmanaged
    {
        expected.Clear();
        SoftGradient<T>[] gradients = new SoftGradient<T>[1];
        fixed (T* pExpected = expected)
        {
            SoftCall<T> call = new() { Problem = problem, X = x, Y = y, Pairs = [(0, 0)], Gradients = gradients, Expected = pExpected, Settings = settings };
            engine.Execute(ref call);
        }

        return gradients[0];
    }
}
