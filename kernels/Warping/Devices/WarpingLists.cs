using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Warping.Devices;

/// <summary>The lists of series and windows of a block of pairs, on the device. Disposing returns them.</summary>
/// <typeparam name="T">The element.</typeparam>
internal sealed class WarpingLists<T> : IDisposable
    where T : unmanaged
{
    private readonly AcceleratorBuffer<DeviceSeries<T>> _series;
    private readonly AcceleratorBuffer<DeviceWindow> _windows;
    private readonly AcceleratorBuffer<int> _bits;
    private readonly int _rows;
    private readonly int _columns;
    private readonly int _columnClasses;
    private readonly int _mostColumns;
    private readonly bool _isSymmetric;

    /// <summary>Uploads them.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="x">The series of the rows, the longest first.</param>
    /// <param name="y">Those of the columns; x again for the triangle of x against itself.</param>
    /// <param name="windows">The windows of their lengths.</param>
    /// <param name="settings">How to run.</param>
    public WarpingLists(AcceleratorEngine engine, DeviceSeries<T>[] x, DeviceSeries<T>[] y, DeviceWindows windows, in RunSettings settings)
    {
        _isSymmetric = ReferenceEquals(x, y);
        (_rows, _columns, _mostColumns) = (x.Length, y.Length, y[0].Length);
        _columnClasses = y[^1].LengthClass + 1;
        try
        {
            _series = engine.Rent<DeviceSeries<T>>(x.Length + (_isSymmetric ? 0 : y.Length), settings.Operation);
            _windows = engine.Rent<DeviceWindow>(windows.Windows.Length, settings.Operation);
            _bits = engine.Rent<int>(Math.Max(1, windows.Bits.Length), settings.Operation);
            engine.Upload<DeviceSeries<T>>(_isSymmetric ? x : [.. x, .. y], _series, 0);
            engine.Upload<DeviceWindow>(windows.Windows, _windows, 0);
            if (windows.Bits.Length > 0) engine.Upload(windows.Bits, _bits, 0);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Tells a kernel of them.</summary>
    public void Describe(ref WarpingArguments<T> arguments)
    {
        (arguments.Series, arguments.Windows, arguments.Bits) = (_series.View, _windows.View, _bits.View);
        arguments.Shape.Columns = _columns;
        arguments.Shape.IsSymmetric = _isSymmetric ? 1 : 0;
        arguments.Shape.FirstY = _isSymmetric ? 0 : _rows;
        arguments.Shape.ColumnClasses = _columnClasses;
        arguments.Shape.MostColumns = _mostColumns;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _series?.Dispose();
        _windows?.Dispose();
        _bits?.Dispose();
    }
}
