using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;
using ILGPU.Runtime;

namespace FusionKernels.Kernels.Peaks;

/// <summary>Writes a whole buffer, so that it is memory: pages of the host that nobody wrote are all read from one page of zeros.</summary>
internal readonly struct FillCall(DeviceBuffer<float> buffer, int threads) : IEngineCall
{
    /// <inheritdoc/>
    public string Operation => "Peak";

    /// <inheritdoc/>
    public void OnHost(HostEngine engine)
    {
        StreamJob store = new(engine, (HostBuffer<float>)buffer, HostStream.Store, threads);
        VectorDispatch.Run<float, StreamJob>(engine.Width, ref store);
    }

    /// <inheritdoc/>
    public void OnAccelerator(AcceleratorEngine engine)
    {
        // The bytes of a number that is not 0: some memories move zeros faster than anything else.
        ((AcceleratorBuffer<float>)buffer).View.MemSet(engine.Accelerator.DefaultStream, 0x3F);
        engine.Synchronize(null);
    }
}
