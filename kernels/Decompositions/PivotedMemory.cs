using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Decompositions;

/// <summary>What Cholesky with complete pivoting keeps on an accelerator, for matrices that lie one behind the other.</summary>
/// <typeparam name="T">The element.</typeparam>
internal sealed class PivotedMemory<T> : IDisposable
    where T : unmanaged
{
    private readonly List<IDisposable> _held = [];

    /// <summary>Takes the memory; none is kept where one part finds no room.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="items">Matrices.</param>
    /// <param name="size">Rows of a matrix.</param>
    /// <param name="panel">Columns of L at a time.</param>
    /// <param name="operation">For errors.</param>
    public PivotedMemory(AcceleratorEngine engine, int items, int size, int panel, string operation)
    {
        try
        {
            Matrices = Rent<T>((long)items * size * size);
            Panels = Rent<T>((long)items * panel * size);
            Residuals = Rent<T>((long)items * size);
            Bounds = Rent<T>(2L * items);
            Places = Rent<int>((long)items * size);
            Outcomes = Rent<int>(2L * items);
        }
        catch
        {
            Dispose();
            throw;
        }

        AcceleratorBuffer<TElement> Rent<TElement>(long length)
            where TElement : unmanaged
        {
            AcceleratorBuffer<TElement> buffer = engine.Rent<TElement>(length, operation);
            _held.Add(buffer);
            return buffer;
        }
    }

    /// <summary>Items x size x size: what is left of the matrices.</summary>
    public AcceleratorBuffer<T> Matrices { get; }

    /// <summary>Items x panel x size: the last columns of L.</summary>
    public AcceleratorBuffer<T> Panels { get; }

    /// <summary>Items x size: the residual diagonals.</summary>
    public AcceleratorBuffer<T> Residuals { get; }

    /// <summary>Items x 2: what is noise, and what is too far below 0.</summary>
    public AcceleratorBuffer<T> Bounds { get; }

    /// <summary>Items x size: by row the number of its pivot, or -1.</summary>
    public AcceleratorBuffer<int> Places { get; }

    /// <summary>Items x 2: pivots, and a row that is at fault, or -1.</summary>
    public AcceleratorBuffer<int> Outcomes { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IDisposable buffer in _held) buffer.Dispose();
    }
}
