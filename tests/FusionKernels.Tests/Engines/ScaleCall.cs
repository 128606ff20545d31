using FusionKernels.Kernels.Engines;
using ILGPU;
using ILGPU.Runtime;

namespace FusionKernels.Tests.Engines;

/// <summary>result = factor * x: the smallest call that reads, computes and writes.</summary>
internal struct ScaleCall(Operand<float> x, Operand<float> result, float factor, RunSettings settings) : IEngineCall
{
    /// <summary>Set on the engine's thread, read by the caller.</summary>
    public int Thread;

    public readonly string Operation => settings.Operation;

    public readonly unsafe void OnHost(HostEngine engine)
    {
        float* from = engine.Resolve(x, settings.Operation), to = engine.Resolve(result, settings.Operation);
        for (int i = 0; i < x.Rows; i++)
        {
            for (int j = 0; j < x.Columns; j++)
            {
                to[(i * result.RowStride) + (j * result.ColumnStride)] = factor * from[(i * x.RowStride) + (j * x.ColumnStride)];
            }
        }
    }

    public void OnAccelerator(AcceleratorEngine engine)
    {
        Thread = Environment.CurrentManagedThreadId;
        using DeviceMatrix<float> from = engine.Read(x, settings);
        using DeviceMatrix<float> to = engine.Write(result, settings);
        if (from.Rows > 0 && from.Columns > 0)
        {
            var scale = engine.Kernel(
                "scale",
                typeof(float),
                static a => a.LoadAutoGroupedStreamKernel<Index1D, ArrayView<float>, ArrayView<float>, Strided, Strided, float>(TestKernels.Scale),
                settings.Trace);
            engine.Launching("scale");
            scale(from.Rows * from.Columns, from.View, to.View, Of(from), Of(to), factor);
        }

        to.Commit();
    }

    private static Strided Of(in DeviceMatrix<float> matrix) => new(matrix.Offset, matrix.Columns, matrix.RowStride, matrix.ColumnStride);
}
