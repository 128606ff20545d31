namespace FusionKernels.Kernels.Engines;

/// <summary>Who runs a kernel. Any thread may call any member at any time.</summary>
internal abstract class Engine : IDisposable
{
    /// <summary>The public names of a copy that stands for itself, for errors.</summary>
    protected const string UploadName = "ComputeDevice.Upload", DownloadName = "DeviceTensor.Download";

    /// <summary>What the device is.</summary>
    public abstract DeviceDescription Description { get; }

    /// <summary>The name that opened the device.</summary>
    public string Name => Description.Name;

    /// <summary>Bytes of device memory held by live buffers and by the pool.</summary>
    public abstract long AllocatedBytes { get; }

    /// <summary>Kernels launched since the engine was opened; 0 where there are none to launch.</summary>
    public virtual long Launches => 0;

    /// <summary>Threads of the host that compute where at most so many may (0: all); 0 on an accelerator.</summary>
    public virtual int HostThreads(int most) => 0;

    /// <summary>Buffers that were handed out and not returned.</summary>
    public abstract int LiveBuffers { get; }

    /// <summary>Runs one call of a family and returns when its results are where they belong.</summary>
    public abstract void Execute<TCall>(ref TCall call)
        where TCall : struct, IEngineCall;

    /// <summary>Device memory for <paramref name="length"/> elements, contents undefined.</summary>
    /// <exception cref="DeviceOutOfMemoryException">There is no room, even after the pool was emptied.</exception>
    public abstract DeviceBuffer<T> Allocate<T>(long length, string operation)
        where T : unmanaged;

    /// <summary>Copies from the host.</summary>
    public abstract void Upload<T>(ReadOnlySpan<T> source, DeviceBuffer<T> destination, long offset)
        where T : unmanaged;

    /// <summary>Copies to the host; returns when the elements are there.</summary>
    public abstract void Download<T>(DeviceBuffer<T> source, long offset, Span<T> destination)
        where T : unmanaged;

    /// <summary>Gives pooled memory back to the device.</summary>
    public abstract void Trim();

    /// <summary>Closes the device; buffers still out become unusable. Never throws; a second call does nothing.</summary>
    public abstract void Dispose();
}
