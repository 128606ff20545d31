using FusionKernels.Kernels.Attention.Decoding;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using ILGPU;
using ILGPU.Runtime;

namespace FusionKernels.Kernels.Attention.Devices;

/// <summary>Pages in the memory of a device, in one block that doubles when they no longer fit.</summary>
internal sealed class DevicePages : KeyValuePages<float>
{
    /// <summary>What the rows of a page are a multiple of, so that no block of a tile lies in two.</summary>
    public const int RowStep = 128;

    private const string AppendName = "KeyValueCache.Append";

    private readonly AcceleratorEngine _engine;
    private readonly AttentionStorage _format;
    private AcceleratorBuffer<byte>? _block;
    private bool _isDisposed;

    /// <summary>An empty cache.</summary>
    public DevicePages(AcceleratorEngine engine, int sequences, int heads, int width, int valueWidth, int pageRows, AttentionStorage format)
        : base(sequences, heads, width, valueWidth, pageRows)
    {
        (_engine, _format) = (engine, format);
    }

    /// <summary>The kernels, for the code generation suite.</summary>
    public static IEnumerable<DeviceKernel> Kernels => [AppendForm<float, StoredFloat32>.Kernel, AppendForm<ushort, StoredFloat16>.Kernel, AppendForm<ushort, StoredBFloat16>.Kernel];

    /// <inheritdoc/>
    public override long Bytes => _block?.Length ?? 0;

    /// <summary>The format of keys and values.</summary>
    public AttentionStorage Format => _format;

    /// <summary>The keys; an item's lie where its pages are.</summary>
    public StoredOperand Keys => new(View, DeviceStrides.Of(0, 0, (long)PageRows * Width, Width, 1));

    /// <summary>The values, likewise.</summary>
    public StoredOperand Values => new(View, DeviceStrides.Of((long)Heads * PageRows * Width, 0, (long)PageRows * ValueWidth, ValueWidth, 1));

    private ArrayView<byte> View
    {
        get
        {
            Grow(1);
            return _block!.View;
        }
    }

    private int PageBytes => PageElements * (_format == AttentionStorage.Element ? sizeof(float) : sizeof(ushort));

    /// <inheritdoc/>
    public override void Dispose()
    {
        _isDisposed = true;
        _block?.Dispose();
    }

    /// <inheritdoc/>
    protected override void Grow(int pages)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        long needed = (long)pages * PageBytes;
        if (needed <= Bytes) return;
        AcceleratorBuffer<byte> next = Room(Math.Max(needed, 2 * Bytes), needed);
        try
        {
            if (_block is not null) _engine.CopyWithin(_block, next, AppendName);
        }
        catch
        {
            next.Dispose();
            throw;
        }

        _block?.Dispose();
        _block = next;
    }

    /// <inheritdoc/>
    protected override unsafe void Write(int first, int count, in KeyValueSource<float> source, int rows, in RunSettings settings)
    {
        fixed (float* keys = source.Keys, values = source.Values)
        {
            AppendCall call = new(this, first, count, rows, settings)
            {
                Keys = source.Keys.At(keys),
                Values = source.Values.At(values),
                ResidentKeys = source.ResidentKeys,
                ResidentValues = source.ResidentValues,
                Block = View,
            };
            _engine.Execute(ref call);
            if (!call.MetNonFinite) return;
            RequireFinite(call.Keys, source.ResidentKeys, count, rows, Width, settings.Operation, "k");
            RequireFinite(call.Values, source.ResidentValues, count, rows, ValueWidth, settings.Operation, "v");
        }
    }

    private unsafe void RequireFinite(in Strided<float> host, in ResidentTensor<float> resident, int count, int rows, int width, string operation, string name)
    {
        float[] elements = new float[resident.Buffer?.Length ?? 0];
        if (resident.Buffer is { } buffer) _engine.Download<float>(buffer, 0, elements);
        fixed (float* first = elements) AttentionInput.RequireFinite(resident.IsAbsent ? host : resident.At(first), count, Heads, rows, width, _format, operation, name);
    }

    private AcceleratorBuffer<byte> Room(long wanted, long needed)
    {
        try
        {
            return _engine.Rent<byte>(wanted, AppendName);
        }
        catch (DeviceOutOfMemoryException) when (needed < wanted)
        {
            return _engine.Rent<byte>(needed, AppendName);
        }
    }
}
