using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Attention;
using FusionKernels.Kernels.Attention.Decoding;
using FusionKernels.Kernels.Attention.Devices;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <summary>Keys and values of several sequences that grow by a few rows at a time: what a decoder has read so far.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <remarks>
/// <para>Rows lie in pages of <see cref="PageSize"/> rows of all key heads. A sequence takes a page when its last one is full and gives
/// its pages back when it is cleared, so that sequences grow independently and at most one page of each is not full (Kwon et al.
/// 2023). Memory: pages times key heads times page size times (width + value width) elements. On the host every page is an array
/// of its own and nothing is moved; on a device all lie in one block of its memory, which doubles when they no longer fit and for
/// that moment is there twice. What is appended is copied, and must be finite as it is stored: NaN and infinity are refused with their place.</para>
/// <para>Attention.Decode reads it. Reading from several threads is safe, changing beside anything else is not. Dispose a cache on a
/// device to give its memory back.</para>
/// </remarks>
public sealed class KeyValueCache<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const string AppendName = "KeyValueCache.Append";

    /// <summary>An empty cache.</summary>
    /// <param name="sequences">Sequences, 1 or more.</param>
    /// <param name="heads">Heads of keys and values, 1 or more.</param>
    /// <param name="width">Features of a key, 1 to 512.</param>
    /// <param name="valueWidth">Features of a value, 1 to 512; 0 (the default) for as many as of a key.</param>
    /// <param name="pageSize">Rows of a page: on the host 1 or more, multiples of 64 are read fastest; on other devices a multiple of 128.</param>
    /// <param name="device">Whose memory holds it, and where it is read; null for the host's.</param>
    /// <param name="storage">The format of keys and values; as they are by default, another for float. The host rounds to it, and saves nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is out of range.</exception>
    /// <exception cref="ArgumentException">A width is, or the format is unknown.</exception>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is neither float nor double, or it is double and another format or a device that is no host is asked for.</exception>
    public KeyValueCache(int sequences, int heads, int width, int valueWidth = 0, int pageSize = 128, ComputeDevice? device = null, AttentionStorage storage = AttentionStorage.Element)
    {
        HostExecution.RequireElement<T>("KeyValueCache");
        ArgumentOutOfRangeException.ThrowIfLessThan(sequences, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(heads, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(pageSize, 1);
        AttentionProblems.RequireWidth(width, "a key", "KeyValueCache");
        if (valueWidth == 0) valueWidth = width;
        AttentionProblems.RequireWidth(valueWidth, "a value", "KeyValueCache");
        if ((long)heads * pageSize * (width + valueWidth) > Array.MaxLength / 8) throw new ArgumentOutOfRangeException(nameof(pageSize), pageSize, $"a page of {heads} heads x {pageSize} rows x {width + valueWidth} features is too large");
        if (!Enum.IsDefined(storage)) throw AttentionProblems.Misfit("KeyValueCache", $"storage is {storage}; a known format is needed");
        AttentionExecution.RequireStorage<T>(storage, "KeyValueCache");
        (Device, Storage) = (device ?? HostExecution.Device, storage);
        if (HostExecution.IsHost(Device))
        {
            Pages = new HostPages<T>(sequences, heads, width, valueWidth, pageSize, storage);
            return;
        }

        if (typeof(T) != typeof(float)) throw new NotSupportedException($"KeyValueCache: {Device.Description.Name} computes attention in float32; float64 runs on the host alone");
        if (pageSize % DevicePages.RowStep != 0) throw new ArgumentOutOfRangeException(nameof(pageSize), pageSize, $"on {Device.Description.Name} the rows of a page must be a multiple of {DevicePages.RowStep}");
        Pages = (KeyValuePages<T>)(object)new DevicePages((AcceleratorEngine)Device.Engine, sequences, heads, width, valueWidth, pageSize, storage);
    }

    /// <summary>Whose memory holds it.</summary>
    public ComputeDevice Device { get; }

    /// <summary>The format of keys and values.</summary>
    public AttentionStorage Storage { get; }

    /// <summary>Sequences.</summary>
    public int Sequences => Pages.Lengths.Length;

    /// <summary>Heads of keys and values.</summary>
    public int Heads => Pages.Heads;

    /// <summary>Features of a key.</summary>
    public int Width => Pages.Width;

    /// <summary>Features of a value.</summary>
    public int ValueWidth => Pages.ValueWidth;

    /// <summary>Rows of a page.</summary>
    public int PageSize => Pages.PageRows;

    /// <summary>Pages that hold rows.</summary>
    public int PagesInUse => Pages.UsedPages;

    /// <summary>Bytes of all pages, those included that were given back, or on a device were not yet needed, and wait for rows.</summary>
    public long Bytes => Pages.Bytes;

    /// <summary>Where the rows lie.</summary>
    internal KeyValuePages<T> Pages { get; }

    /// <summary>Rows of one sequence.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sequence.</exception>
    public int Length(int sequence) => Pages.Lengths[Known(sequence)];

    /// <summary>Adds keys and values to the end of every sequence, as many to each.</summary>
    /// <param name="k">Keys: sequences x heads x length x width, any strides.</param>
    /// <param name="v">Values: sequences x heads x length x value width.</param>
    /// <param name="layout">The order of the dimensions.</param>
    /// <exception cref="ArgumentException">Shapes do not fit, or an element is not finite as it is stored; the cache is as before.</exception>
    /// <exception cref="DeviceOutOfMemoryException">The device has no room; the cache is as before.</exception>
    /// <exception cref="DeviceLostException">The device faulted.</exception>
    /// <exception cref="ObjectDisposedException">The cache or its device was disposed.</exception>
    public void Append(Tensor<T> k, Tensor<T> v, AttentionLayout layout = AttentionLayout.BatchHeadsLengthWidth)
    {
        HeadsRef<T> keys = Rows(k, layout, 4, nameof(k)), values = Rows(v, layout, 4, nameof(v));
        RequireBatch(keys);
        Require(keys, values);
        for (int sequence = 0; sequence < Sequences; sequence++) RequireRoom(sequence, keys.Rows);
        Pages.Append(0, Sequences, new() { Keys = keys.Elements, Values = values.Elements }, keys.Rows, new(AppendName));
    }

    /// <summary>Adds keys and values that are on the cache's device to the end of every sequence, as many to each.</summary>
    /// <param name="k">Keys: sequences x heads x length x width.</param>
    /// <param name="v">Values: sequences x heads x length x value width.</param>
    /// <param name="layout">The order of the dimensions.</param>
    /// <exception cref="ArgumentException">Shapes do not fit, or an element is not finite; the cache is as before.</exception>
    /// <exception cref="DeviceMismatchException">The tensors are on another device.</exception>
    /// <exception cref="DeviceOutOfMemoryException">The device has no room; the cache is as before.</exception>
    /// <exception cref="DeviceLostException">The device faulted.</exception>
    /// <exception cref="ObjectDisposedException">The cache, a tensor or the device was disposed.</exception>
    public void Append(DeviceTensor<T> k, DeviceTensor<T> v, AttentionLayout layout = AttentionLayout.BatchHeadsLengthWidth)
    {
        ArgumentNullException.ThrowIfNull(k);
        ArgumentNullException.ThrowIfNull(v);
        foreach (DeviceTensor<T> tensor in (ReadOnlySpan<DeviceTensor<T>>)[k, v])
        {
            if (tensor.Device.Engine != Device.Engine) throw new DeviceMismatchException(AppendName, Device.Description.Name, tensor.Device.Description.Name);
            if (tensor.Rank != 4) throw AttentionProblems.Misfit(AppendName, $"a tensor is {Shape.Of(tensor.Lengths)}; 4 dimensions are needed");
        }

        HeadsRef<T> keys = DeviceHeads.ShapeOf(k, layout, nameof(k)), values = DeviceHeads.ShapeOf(v, layout, nameof(v));
        RequireBatch(keys);
        Require(keys, values);
        for (int sequence = 0; sequence < Sequences; sequence++) RequireRoom(sequence, keys.Rows);
        KeyValueSource<T> source = new() { ResidentKeys = DeviceHeads.ElementsOf(k, layout), ResidentValues = DeviceHeads.ElementsOf(v, layout) };
        Pages.Append(0, Sequences, source, keys.Rows, new(AppendName));
    }

    /// <summary>Adds keys and values to the end of one sequence.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <param name="k">Keys: heads x length x width, any strides.</param>
    /// <param name="v">Values: heads x length x value width.</param>
    /// <param name="layout">The order of the dimensions, of rank 3.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sequence.</exception>
    /// <exception cref="ArgumentException">Shapes do not fit, or an element is not finite as it is stored; the cache is as before.</exception>
    /// <exception cref="DeviceOutOfMemoryException">The device has no room; the cache is as before.</exception>
    /// <exception cref="DeviceLostException">The device faulted.</exception>
    /// <exception cref="ObjectDisposedException">The cache or its device was disposed.</exception>
    public void Append(int sequence, Tensor<T> k, Tensor<T> v, AttentionLayout layout = AttentionLayout.BatchHeadsLengthWidth)
    {
        Known(sequence);
        HeadsRef<T> keys = Rows(k, layout, 3, nameof(k)), values = Rows(v, layout, 3, nameof(v));
        Require(keys, values);
        RequireRoom(sequence, keys.Rows);
        Pages.Append(sequence, 1, new() { Keys = keys.Elements, Values = values.Elements }, keys.Rows, new(AppendName));
    }

    /// <summary>Forgets the rows of one sequence from some length on; its pages that hold none then wait for other sequences' rows.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <param name="length">Rows to keep, 0 for none; no more than are there.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sequence, or it has fewer rows.</exception>
    public void Truncate(int sequence, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length(sequence));
        Pages.Truncate(sequence, length);
    }

    /// <summary>Forgets everything, and gives a device's memory back; a second call does nothing.</summary>
    public void Dispose() => Pages.Dispose();

    private void RequireBatch(in HeadsRef<T> keys)
    {
        if (keys.Batch != Sequences) throw AttentionProblems.Misfit(AppendName, $"k has a batch of {keys.Batch}, the cache {Sequences} sequences: both need the same; k is {keys.Words}");
    }

    private static HeadsRef<T> Rows(Tensor<T> tensor, AttentionLayout layout, int rank, string name)
    {
        ArgumentNullException.ThrowIfNull(tensor, name);
        if (tensor.Rank != rank) throw AttentionProblems.Misfit(AppendName, $"{name} is {Shape.Of(tensor.Lengths)}; {rank} dimensions are needed");
        return HeadsRef<T>.Of(tensor.AsReadOnlyTensorSpan(), layout, name);
    }

    private int Known(int sequence)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sequence);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(sequence, Sequences);
        return sequence;
    }

    private void RequireRoom(int sequence, int rows)
    {
        long length = (long)Length(sequence) + rows;
        if (length > AttentionProblem.LongestLength) throw AttentionProblems.Misfit(AppendName, $"sequence {sequence} would have {length} keys; every length is limited to {AttentionProblem.LongestLength}");
    }

    private void Require(in HeadsRef<T> keys, in HeadsRef<T> values)
    {
        AttentionProblems.RequireValues(keys, values, AppendName);
        if (keys.Heads != Heads || keys.Columns != Width || values.Columns != ValueWidth)
        {
            throw AttentionProblems.Misfit(
                AppendName,
                $"k has {keys.Heads} heads and is {keys.Columns} wide, v is {values.Columns} wide; the cache has {Heads} heads, keys {Width} and values {ValueWidth} wide; k is {keys.Words}, v is {values.Words}");
        }
    }
}
