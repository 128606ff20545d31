using ILGPU;

namespace FusionKernels.Kernels.Warping.Search;

/// <summary>What a kernel reads and writes that takes some windows of a tile further.</summary>
/// <typeparam name="T">The element.</typeparam>
internal struct SearchArguments<T>
    where T : unmanaged
{
    /// <summary>The query's samples, its lower and its upper envelope, the lower one of the upper and the upper one of the lower.</summary>
    public ArrayView<T> Query;

    /// <summary>The first column of each row, then the one behind its last; neither ever goes back.</summary>
    public ArrayView<int> Ranges;

    /// <summary>The windows as they are compared, length x stride.</summary>
    public ArrayView<T> Windows;

    /// <summary>The bounds of Keogh of all windows.</summary>
    public ArrayView<T> Keogh;

    /// <summary>Which windows.</summary>
    public ArrayView<int> Chosen;

    /// <summary>Working memory: sequences of a window's length, count beside each other.</summary>
    public ArrayView<T> Work;

    /// <summary>Receives the results, count of each.</summary>
    public ArrayView<T> Result;

    /// <summary>All windows of the tile.</summary>
    public int Stride;

    /// <summary>Those that are chosen.</summary>
    public int Count;

    /// <summary>Samples of a window.</summary>
    public int Length;

    /// <summary>The greatest |row - column| within the band.</summary>
    public int Radius;

    /// <summary>A window whose bound or value reaches it is no match.</summary>
    public T Limit;
}
