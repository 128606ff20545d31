using FusionKernels.Kernels.Engines;
using ILGPU.Runtime;

namespace FusionKernels.Kernels.Peaks;

/// <summary>One copy from buffer to buffer within a device's memory.</summary>
internal readonly unsafe struct CopyCall(DeviceBuffer<float> source, DeviceBuffer<float> destination, int threads) : IEngineCall
{
    /// <inheritdoc/>
    public string Operation => "Peak";

    /// <inheritdoc/>
    public void OnHost(HostEngine engine)
    {
        // More pieces than threads, since a shared machine slows one core at a time.
        const int piecesPerThread = 8;
        int workers = threads == 0 ? engine.Threads : Math.Min(threads, engine.Threads);
        PieceJob job = new((HostBuffer<float>)source, (HostBuffer<float>)destination, workers * piecesPerThread);
        engine.Run(ref job, workers * piecesPerThread, workers);
    }

    /// <inheritdoc/>
    public void OnAccelerator(AcceleratorEngine engine)
    {
        engine.Launching("Copy");
        ((AcceleratorBuffer<float>)source).View.CopyTo(engine.Accelerator.DefaultStream, ((AcceleratorBuffer<float>)destination).View);
        engine.Synchronize(null);
    }

    private readonly struct PieceJob(HostBuffer<float> source, HostBuffer<float> destination, int pieces) : IParallelJob
    {
        public void Run(int piece)
        {
            long first = source.Length * piece / pieces, end = source.Length * (piece + 1) / pieces;
            Buffer.MemoryCopy(source.Pointer + first, destination.Pointer + first, (end - first) * sizeof(float), (end - first) * sizeof(float));
        }
    }
}
