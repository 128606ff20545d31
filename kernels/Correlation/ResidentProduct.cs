using System.Numerics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Correlation;

/// <summary>Sums and the product of one chunk of rows that live on an accelerator: centred there, and only sums and products come back.</summary>
/// <typeparam name="T">The element.</typeparam>
internal unsafe struct ResidentProduct<T> : IEngineCall
    where T : unmanaged, INumberBase<T>
{
    /// <summary>The views.</summary>
    public Operand<T>[] Views;

    /// <summary>Columns of all views.</summary>
    public int Features;

    /// <summary>Elements from row to row of the product.</summary>
    public int Stride;

    /// <summary>The chunk; its memory is the host's.</summary>
    public MomentChunk<T> Chunk;

    /// <summary>How to run.</summary>
    public RunSettings Settings;

    /// <inheritdoc/>
    public readonly string Operation => Settings.Operation;

    /// <summary>Never: what lives on the host is read where it lies.</summary>
    public readonly void OnHost(HostEngine engine) => throw new InvalidOperationException("rows of the host need no copy of their own");

    /// <inheritdoc/>
    public readonly void OnAccelerator(AcceleratorEngine engine)
    {
        int rows = Chunk.Count;
        using AcceleratorBuffer<T> centred = engine.Rent<T>((long)rows * Features, Settings.Operation), centre = engine.Rent<T>(2L * Features, Settings.Operation);
        engine.Upload<T>(new(Chunk.Centre, Features), centre, 0);
        engine.Upload<T>(new(Chunk.Scale, Features), centre, Features);
        int column = 0;
        foreach (Operand<T> view in Views)
        {
            using DeviceMatrix<T> part = engine.Read(view.RowRange(checked((int)Chunk.First), rows), Settings);
            CentreKernels<T>.Instance.Centre(engine, part, column, Features, centre.View, centred.View, Settings);
            column += view.Columns;
        }

        T[] columns = ResidentColumns.Sums(engine, centred, rows, Features, Settings);
        for (int i = 0; i < Features; i++) Chunk.Sums[i] = Element.ToDouble(columns[i]);
        Operand<T> byColumn = new(null, centred, 0, Features, rows, 1, Features), product = new(Chunk.Products, null, 0, Features, Features, Stride, 1);
        ProductsDevice.Run<T, DotTerm<T>, Scaled<T>>(engine, byColumn, byColumn, product, isSymmetric: true, new(T.One), Settings);
    }
}
