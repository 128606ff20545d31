using System.Runtime.InteropServices;
using FusionKernels.Bench;

namespace FusionKernels.Peers;

/// <summary>The largest singular values as scipy.sparse.linalg.svds finds them: Lanczos (ARPACK's dsaupd) on AᵀA by dgemv, then the SVD of A V by dgesdd.</summary>
internal sealed class ArpackSvd : Contestant
{
    /// <summary>The contestant's name.</summary>
    public const string Title = "ARPACK dsaupd, OpenBLAS dgemv";

    private const string File = "libarpack.so.2";

    private readonly SvdTopCase _ours;
    private readonly double[] _image;
    private readonly double[] _vectors;
    private double[] _u = [];
    private double[] _v = [];

    /// <summary>Loads the libraries.</summary>
    /// <exception cref="DllNotFoundException">One is absent.</exception>
    public ArpackSvd(SvdTopCase ours, int threads)
    {
        if (Version is null) throw new DllNotFoundException($"{File} is not installed");
        OpenBlas.SetThreads(threads);
        _ours = ours;
        _image = new double[ours.Rows];
        _vectors = new double[ours.Columns * SvdTopCase.Top];
    }

    /// <summary>The library's file; null where it is absent.</summary>
    public static string? Version => NativeLibrary.TryLoad(File, out _) ? File : null;

    /// <inheritdoc/>
    public override string Name => Title;

    /// <inheritdoc/>
    public override void Run()
    {
        Lanczos();
        int rows = _ours.Rows, columns = _ours.Columns;
        double[] images = new double[rows * SvdTopCase.Top];

        // Vectors lie one after the other; so do their images, which dgesdd takes as its columns.
        Multiply(OpenBlas.RowMajor, OpenBlas.NoTranspose, OpenBlas.Transpose, SvdTopCase.Top, rows, columns, 1, _vectors, columns, _ours.Elements, columns, 0, images, rows);
        int top = SvdTopCase.Top;
        double[] u = new double[rows * top], turn = new double[top * top];
        OpenBlas.ThinSvd(rows, top, images, u, turn);
        double[] v = new double[columns * top];
        Multiply(OpenBlas.RowMajor, OpenBlas.Transpose, OpenBlas.NoTranspose, top, columns, top, 1, turn, top, _vectors, columns, 0, v, columns);
        (_u, _v) = (u, v);
    }

    /// <inheritdoc/>
    public override double At(int row, int column) => _ours.Along(k => _u[(row * _ours.Rows) + k], k => _v[(column * _ours.Columns) + k]);

    /// <summary>Does nothing: the garbage collector has the memory.</summary>
    public override void Dispose()
    {
    }

    /// <summary>The eigenvectors of AᵀA, one after the other, with scipy's choices: 2 top + 1 Lanczos vectors, tolerance 0, a random start.</summary>
    private void Lanczos()
    {
        byte[] largest = "LM"u8.ToArray();
        byte standard = (byte)'I', all = (byte)'A';
        int size = _ours.Columns, top = SvdTopCase.Top, width = Math.Min(size, Math.Max((2 * top) + 1, 20)), step = 0, given = 1, length = width * (width + 8), wanted = 1;
        double tolerance = 0, shift = 0;
        double[] start = Samples.Uniform<double>(size, 1, seed: 10), basis = new double[size * width], memory = new double[3 * size], work = new double[length], values = new double[top];
        int[] settings = new int[11], places = new int[14];
        (settings[0], settings[2], settings[6]) = (1, 10 * size, 1);
        while (true)
        {
            Iterate(ref step, ref standard, ref size, largest, ref top, ref tolerance, start, ref width, basis, ref size, settings, places, memory, work, ref length, ref given, 1, 2);
            if (step is not (1 or -1)) break;
            Multiply(OpenBlas.RowMajor, OpenBlas.NoTranspose, _ours.Rows, size, 1, _ours.Elements, size, ref memory[places[0] - 1], 1, 0, ref _image[0], 1);
            Multiply(OpenBlas.RowMajor, OpenBlas.Transpose, _ours.Rows, size, 1, _ours.Elements, size, ref _image[0], 1, 0, ref memory[places[1] - 1], 1);
        }

        if (given != 0) throw new InvalidOperationException($"dsaupd: {given}");
        Extract(
            ref wanted, ref all, new int[width], values, _vectors, ref size, ref shift, ref standard, ref size, largest, ref top, ref tolerance, start, ref width, basis, ref size, settings, places, memory, work, ref length, ref given, 1, 1, 2);
        if (given != 0) throw new InvalidOperationException($"dseupd: {given}");
    }

    [DllImport(File, EntryPoint = "dsaupd_")]
    private static extern void Iterate(
        ref int step,
        ref byte problem,
        ref int size,
        byte[] which,
        ref int top,
        ref double tolerance,
        double[] residual,
        ref int width,
        double[] basis,
        ref int stride,
        int[] settings,
        int[] places,
        double[] memory,
        double[] work,
        ref int workLength,
        ref int info,
        nint problemLength,
        nint whichLength);

    [DllImport(File, EntryPoint = "dseupd_")]
    private static extern void Extract(
        ref int wantsVectors,
        ref byte many,
        int[] chosen,
        double[] values,
        double[] vectors,
        ref int vectorStride,
        ref double shift,
        ref byte problem,
        ref int size,
        byte[] which,
        ref int top,
        ref double tolerance,
        double[] residual,
        ref int width,
        double[] basis,
        ref int stride,
        int[] settings,
        int[] places,
        double[] memory,
        double[] work,
        ref int workLength,
        ref int info,
        nint manyLength,
        nint problemLength,
        nint whichLength);

    [DllImport(OpenBlas.File, EntryPoint = "cblas_dgemv")]
    private static extern void Multiply(
        int order, int transpose, int rows, int columns, double alpha, double[] a, int stride, ref double x, int stepX, double beta, ref double y, int stepY);

    [DllImport(OpenBlas.File, EntryPoint = "cblas_dgemm")]
    private static extern void Multiply(
        int order,
        int transposeA,
        int transposeB,
        int rows,
        int columns,
        int depth,
        double alpha,
        double[] a,
        int strideA,
        double[] b,
        int strideB,
        double beta,
        double[] result,
        int strideResult);
}
