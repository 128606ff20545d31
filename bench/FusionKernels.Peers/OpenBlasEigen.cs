using System.Runtime.InteropServices;
using FusionKernels.Bench;

namespace FusionKernels.Peers;

/// <summary>Symmetric eigenproblems by LAPACK's divide and conquer, one matrix after the other, as NumPy's eigh calls it.</summary>
internal sealed class OpenBlasEigen : Contestant
{
    /// <summary>The contestant's name.</summary>
    public const string Title = "OpenBLAS dsyevd";

    private readonly EigenCase _ours;
    private readonly double[] _values;
    private readonly double[] _vectors;
    private readonly double[] _work;
    private readonly int[] _integers;

    /// <summary>Loads the library.</summary>
    /// <exception cref="DllNotFoundException">It is absent.</exception>
    public OpenBlasEigen(EigenCase ours, int threads)
    {
        OpenBlas.SetThreads(threads);
        _ours = ours;
        (_values, _vectors) = (new double[ours.Items * ours.Size], new double[ours.Elements.Length]);
        double[] work = new double[1];
        int[] integers = new int[1];
        Solve(0, work, -1, integers, -1);
        (_work, _integers) = (new double[(int)work[0]], new int[integers[0]]);
    }

    /// <inheritdoc/>
    public override string Name => Title;

    /// <inheritdoc/>
    public override void Run()
    {
        _ours.Elements.CopyTo(_vectors, 0);
        for (int item = 0; item < _ours.Items; item++) Solve(item, _work, _work.Length, _integers, _integers.Length);
    }

    /// <inheritdoc/>
    public override double At(int row, int column) => _ours.Product(row, column, _values, _vectors, isInRows: true);

    /// <summary>Does nothing: the garbage collector has the memory.</summary>
    public override void Dispose()
    {
    }

    private void Solve(int item, double[] work, int workLength, int[] integers, int integersLength)
    {
        byte vectors = (byte)'V', lower = (byte)'L';
        int size = _ours.Size, info = 0;
        Eigen(ref vectors, ref lower, ref size, ref _vectors[item * size * size], ref size, ref _values[item * size], work, ref workLength, integers, ref integersLength, ref info);
        if (info != 0) throw new InvalidOperationException($"dsyevd: {info}");
    }

    [DllImport(OpenBlas.File, EntryPoint = "dsyevd_")]
    private static extern void Eigen(
        ref byte job,
        ref byte half,
        ref int size,
        ref double a,
        ref int stride,
        ref double values,
        double[] work,
        ref int workLength,
        int[] integers,
        ref int integersLength,
        ref int info);
}
