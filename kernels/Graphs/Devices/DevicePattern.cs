using FusionKernels.Kernels.Engines;
using ILGPU;

namespace FusionKernels.Kernels.Graphs.Devices;

/// <summary>One order of a sparse pattern on a device, for the length of a call.</summary>
internal readonly struct DevicePattern : IDisposable
{
    private readonly DeviceMatrix<int> _starts;
    private readonly DeviceMatrix<int> _indices;
    private readonly DeviceMatrix<int>? _places;
    private readonly DeviceMatrix<int>? _owners;

    /// <summary>Takes a pattern that lives there, or brings it.</summary>
    public DevicePattern(AcceleratorEngine engine, in PatternOperand pattern, in RunSettings settings)
    {
        try
        {
            _starts = engine.Read(pattern.Starts, settings);
            _indices = engine.Read(pattern.Indices, settings);
            if (!pattern.Places.IsAbsent) _places = engine.Read(pattern.Places, settings);
            if (!pattern.Owners.IsAbsent) _owners = engine.Read(pattern.Owners, settings);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>By row its first entry, and the end.</summary>
    public ArrayView<int> Starts => _starts.View;

    /// <summary>By entry its column.</summary>
    public ArrayView<int> Indices => _indices.View;

    /// <summary>By entry where its value lies; any view where the pattern has none.</summary>
    public ArrayView<int> Places => (_places ?? _indices).View;

    /// <summary>By entry its row; any view where the pattern has none.</summary>
    public ArrayView<int> Owners => (_owners ?? _indices).View;

    /// <inheritdoc/>
    public void Dispose()
    {
        _starts.Dispose();
        _indices.Dispose();
        _places?.Dispose();
        _owners?.Dispose();
    }
}
