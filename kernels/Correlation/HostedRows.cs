using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Correlation;

/// <summary>Rows of several views where the host can read them: as they are, or copied from the device that they live on.</summary>
/// <typeparam name="T">The element.</typeparam>
internal sealed unsafe class HostedRows<T>
    where T : unmanaged
{
    private readonly T[][] _copies;

    /// <summary>Brings rows to the host.</summary>
    /// <param name="engine">Who holds them, where the host does not.</param>
    /// <param name="views">The views: of the host at any strides, of a device row by row without gaps.</param>
    /// <param name="first">The first row.</param>
    /// <param name="count">Rows.</param>
    /// <exception cref="DeviceMismatchException">They live on another device.</exception>
    public HostedRows(Engine engine, Operand<T>[] views, long first, int count)
    {
        Views = new Operand<T>[views.Length];
        _copies = new T[views.Length][];
        for (int i = 0; i < views.Length; i++)
        {
            Operand<T> view = views[i];
            if (view.Buffer is not { } buffer)
            {
                Views[i] = view.Moved(first * view.RowStride).WithRows(count);
                continue;
            }

            _copies[i] = GC.AllocateUninitializedArray<T>(checked(count * view.Columns), pinned: true);
            engine.Download(buffer, view.Offset + (first * view.RowStride), _copies[i].AsSpan());
            fixed (T* values = _copies[i]) Views[i] = new(values, null, 0, count, view.Columns, view.Columns, 1);
        }
    }

    /// <summary>The rows, from row 0 on, as long as this object is held.</summary>
    public Operand<T>[] Views { get; }
}
