using System.Runtime.InteropServices;

namespace FusionKernels.Peers;

/// <summary>What is used of OpenBLAS, in the system's build with 32-bit sizes (Debian: libopenblas0-pthread).</summary>
internal static class OpenBlas
{
    /// <summary>The library's file.</summary>
    public const string File = "libopenblas.so.0";

    /// <summary>CBLAS's word for matrices that lie row by row.</summary>
    public const int RowMajor = 101;

    /// <summary>CBLAS's word for matrices that lie column by column.</summary>
    public const int ColumnMajor = 102;

    /// <summary>CBLAS's word for an operand as it is.</summary>
    public const int NoTranspose = 111;

    /// <summary>CBLAS's word for a transposed operand.</summary>
    public const int Transpose = 112;

    /// <summary>CBLAS's word for the triangle above the diagonal.</summary>
    public const int Upper = 121;

    /// <summary>The version and build, e.g. <c>0.3.29 DYNAMIC_ARCH Zen</c>; null where the library is absent.</summary>
    public static string? Version => IsPresent
        ? Marshal.PtrToStringAnsi(GetConfiguration())!.Replace("OpenBLAS", "", StringComparison.Ordinal).Trim()
        : null;

    private static bool IsPresent => NativeLibrary.TryLoad(File, out _);

    /// <summary>Sets the number of threads.</summary>
    /// <exception cref="DllNotFoundException">The library is absent.</exception>
    public static void SetThreads(int threads)
    {
        if (!IsPresent) throw new DllNotFoundException($"{File} is not installed");
        SetThreadCount(threads);
    }

    /// <summary>result = left right, square and row-major.</summary>
    public static void Multiply(int edge, float[] left, float[] right, float[] result) =>
        MultiplyFloat32(RowMajor, NoTranspose, NoTranspose, edge, edge, edge, 1, left, edge, right, edge, 0, result, edge);

    /// <summary>result = rows rowsᵀ, all row-major: the inner products of all pairs of rows.</summary>
    public static void InnerProducts(int count, int length, float[] rows, float[] result) =>
        MultiplyFloat32(RowMajor, NoTranspose, Transpose, count, count, length, 1, rows, length, rows, length, 0, result, count);

    /// <summary>The inner products of all pairs of rows over some of their columns, as NumPy asks for <c>x @ x.T</c>: the upper triangle.</summary>
    /// <param name="count">Rows.</param>
    /// <param name="stride">From row to row.</param>
    /// <param name="rows">All rows.</param>
    /// <param name="first">The first column.</param>
    /// <param name="length">Columns.</param>
    /// <param name="result">count x count; what is below the diagonal stays as it is.</param>
    public static void InnerProducts(int count, int stride, float[] rows, int first, int length, float[] result) =>
        MultiplySelfFloat32(RowMajor, Upper, NoTranspose, count, length, 1, ref rows[first], stride, 0, result, count);

    /// <summary>The thin singular value decomposition, all column by column, by LAPACK's divide and conquer.</summary>
    /// <param name="rows">Rows, as many as columns or more.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="a">The matrix; destroyed.</param>
    /// <param name="u">Receives rows x columns.</param>
    /// <param name="turned">Receives Vᵀ, columns x columns.</param>
    /// <returns>The singular values.</returns>
    public static double[] ThinSvd(int rows, int columns, double[] a, double[] u, double[] turned)
    {
        byte thin = (byte)'S';
        int info = 0, length = -1;
        double[] values = new double[columns], work = new double[1];
        int[] integers = new int[8 * columns];
        SingularValues(ref thin, ref rows, ref columns, a, ref rows, values, u, ref rows, turned, ref columns, work, ref length, integers, ref info);
        length = (int)work[0];
        work = new double[length];
        SingularValues(ref thin, ref rows, ref columns, a, ref rows, values, u, ref rows, turned, ref columns, work, ref length, integers, ref info);
        if (info != 0) throw new InvalidOperationException($"dgesdd: {info}");
        return values;
    }

    [DllImport(File, EntryPoint = "openblas_get_config")]
    private static extern nint GetConfiguration();

    [DllImport(File, EntryPoint = "openblas_set_num_threads")]
    private static extern void SetThreadCount(int threads);

    [DllImport(File, EntryPoint = "cblas_sgemm")]
    private static extern void MultiplyFloat32(
        int order,
        int transposeA,
        int transposeB,
        int rows,
        int columns,
        int depth,
        float alpha,
        float[] a,
        int strideA,
        float[] b,
        int strideB,
        float beta,
        float[] result,
        int strideResult);

    [DllImport(File, EntryPoint = "cblas_ssyrk")]
    private static extern void MultiplySelfFloat32(
        int order, int triangle, int transpose, int rows, int depth, float alpha, ref float a, int strideA, float beta, float[] result, int strideResult);

    [DllImport(File, EntryPoint = "dgesdd_")]
    private static extern void SingularValues(
        ref byte job,
        ref int rows,
        ref int columns,
        double[] a,
        ref int stride,
        double[] values,
        double[] u,
        ref int strideU,
        double[] v,
        ref int strideV,
        double[] work,
        ref int workLength,
        int[] integers,
        ref int info);
}
