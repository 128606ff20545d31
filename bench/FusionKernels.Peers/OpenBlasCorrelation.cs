using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using FusionKernels.Bench;

namespace FusionKernels.Peers;

/// <summary>Canonical correlation as NumPy and SciPy do it on OpenBLAS: centre, covariances (ssyrk), Cholesky, solves and SVD in float64.</summary>
internal sealed class OpenBlasCorrelation : Contestant
{
    /// <summary>The contestant's name.</summary>
    public const string Title = "OpenBLAS ssyrk + dpotrf + dgesdd";

    private const int Upper = 121;
    private const int Lower = 122;
    private const int NonUnit = 131;
    private const int LeftSide = 141;
    private const int RightSide = 142;

    private readonly CorrelationCase _ours;
    private readonly float[] _centred;
    private readonly float[] _scatter;
    private double[] _correlations = [];

    /// <summary>Loads the library.</summary>
    /// <exception cref="DllNotFoundException">It is absent.</exception>
    public OpenBlasCorrelation(CorrelationCase ours, int threads)
    {
        OpenBlas.SetThreads(threads);
        _ours = ours;
        _centred = new float[ours.Rows * 2 * ours.Width];
        _scatter = new float[4 * ours.Width * ours.Width];
    }

    /// <inheritdoc/>
    public override string Name => Title;

    /// <inheritdoc/>
    public override void Run()
    {
        int width = _ours.Width, columns = 2 * width, rows = _ours.Rows;
        Centre(_ours.Left, 0);
        Centre(_ours.Right, width);
        Scatter(OpenBlas.RowMajor, Upper, OpenBlas.Transpose, columns, rows, 1, _centred, columns, 0, _scatter, columns);
        double[] xx = Block(0, 0), yy = Block(width, width), xy = Block(0, width);
        Factor(xx);
        Factor(yy);
        // Blocks are symmetric or read transposed: in columns, xy is the block of y with x.
        Solve(OpenBlas.ColumnMajor, LeftSide, Lower, OpenBlas.NoTranspose, NonUnit, width, width, 1, yy, width, xy, width);
        Solve(OpenBlas.ColumnMajor, RightSide, Lower, OpenBlas.Transpose, NonUnit, width, width, 1, xx, width, xy, width);
        double[] u = new double[width * width], v = new double[width * width], values = OpenBlas.ThinSvd(width, width, xy, u, v);
        Solve(OpenBlas.ColumnMajor, LeftSide, Lower, OpenBlas.Transpose, NonUnit, width, CorrelationCase.Components, 1, yy, width, u, width);
        Solve(OpenBlas.ColumnMajor, RightSide, Lower, OpenBlas.NoTranspose, NonUnit, CorrelationCase.Components, width, 1, xx, width, v, width);
        _correlations = values;
    }

    /// <inheritdoc/>
    public override double At(int row, int column) => row == column ? _correlations[row] : 0;

    /// <summary>Does nothing: the garbage collector has the memory.</summary>
    public override void Dispose()
    {
    }

    private void Centre(float[] view, int offset)
    {
        int width = _ours.Width, rows = _ours.Rows;
        float[] mean = new float[width];
        for (int i = 0; i < rows; i++) TensorPrimitives.Add(mean, view.AsSpan(i * width, width), mean);
        TensorPrimitives.Divide(mean, rows, mean);
        for (int i = 0; i < rows; i++) TensorPrimitives.Subtract(view.AsSpan(i * width, width), mean, _centred.AsSpan((i * 2 * width) + offset, width));
    }

    private double[] Block(int row, int column)
    {
        int width = _ours.Width;
        double[] block = new double[width * width];
        for (int i = 0; i < width; i++)
        {
            for (int j = 0; j < width; j++)
            {
                // The upper half of the scatter is there.
                (int r, int c) = row == column && j < i ? (j, i) : (i, j);
                block[(i * width) + j] = _scatter[((row + r) * 2 * width) + column + c] / (_ours.Rows - 1.0);
            }
        }

        return block;
    }

    private void Factor(double[] block)
    {
        byte lower = (byte)'L';
        int size = _ours.Width, info = 0;
        Cholesky(ref lower, ref size, block, ref size, ref info);
        if (info != 0) throw new InvalidOperationException($"dpotrf: {info}");
    }

    [DllImport(OpenBlas.File, EntryPoint = "cblas_ssyrk")]
    private static extern void Scatter(
        int order, int half, int transpose, int size, int depth, float alpha, float[] a, int strideA, float beta, float[] result, int strideResult);

    [DllImport(OpenBlas.File, EntryPoint = "cblas_dtrsm")]
    private static extern void Solve(
        int order, int side, int half, int transpose, int diagonal, int rows, int columns, double alpha, double[] a, int strideA, double[] b, int strideB);

    [DllImport(OpenBlas.File, EntryPoint = "dpotrf_")]
    private static extern void Cholesky(ref byte half, ref int size, double[] a, ref int stride, ref int info);
}
