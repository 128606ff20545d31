using System.Numerics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;
using ILGPU;
using ILGPU.Runtime;

namespace FusionKernels.Kernels.Peaks;

/// <summary>Nothing but multiply-adds: the product's micro-kernel over panels in the first cache on the host, chains in registers on a device.</summary>
internal unsafe struct MultiplyAddCall<T>(int threads, int rounds) : IEngineCall, IVectorJob<T>
    where T : unmanaged, INumber<T>
{
    /// <summary>Features of the panels: 64 of 12 rows and 2 vectors take at most 11 KiB and stay in the first cache.</summary>
    private const int PanelDepth = 64;

    /// <summary>Micro-kernel calls of one round.</summary>
    private const int CallsPerRound = 64;

    private HostEngine? _host;

    /// <summary>How often the work is repeated.</summary>
    public int Rounds = rounds;

    /// <summary>Operations of the last run.</summary>
    public double Flops { get; private set; }

    /// <inheritdoc/>
    public readonly string Operation => "Peak";

    /// <inheritdoc/>
    public void OnHost(HostEngine engine)
    {
        _host = engine;
        VectorDispatch.Run<T, MultiplyAddCall<T>>(engine.Width, ref this);
    }

    /// <inheritdoc/>
    public void Run<V>()
        where V : unmanaged, IHostVector<V, T>
    {
        int workers = threads == 0 ? _host!.Threads : Math.Min(threads, _host!.Threads);
        WidthJob<V> job = new(Rounds);
        _host.Run(ref job, workers, workers);
        Flops = 2.0 * PanelDepth * MicroKernel.Rows<V, T>() * MicroKernel.Columns<V, T>() * CallsPerRound * Rounds * workers;
    }

    /// <inheritdoc/>
    public void OnAccelerator(AcceleratorEngine engine)
    {
        const string name = "MultiplyAddKernel";
        int group = Math.Min(128, engine.Accelerator.MaxNumThreadsPerGroup);
        // 16 groups of 128 fill the 2048 threads that a multiprocessor holds; simulated and CPU devices have no use for so many.
        bool many = engine.Description.WarpSize > 1 && engine.Description.Kind != DeviceKind.IlgpuCpu;
        int groups = engine.Description.ComputeUnits * (many ? 16 : 1);
        using AcceleratorBuffer<T> sums = engine.Rent<T>((long)groups * group * MultiplyAddKernel.Chains, "Peak");
        var kernel = engine.Kernel(name, typeof(T), static accelerator => accelerator.LoadStreamKernel<ArrayView<T>, T, T, int>(MultiplyAddKernel.Run));
        engine.Launching(name);
        kernel(new KernelConfig(groups, group), sums.View, Element.Of<T>(0.999), Element.Of<T>(1e-3), Rounds);
        engine.Synchronize(null);
        Flops = 2.0 * MultiplyAddKernel.Chains * MultiplyAddKernel.StepsPerRound * Rounds * groups * group;
    }

    private readonly struct WidthJob<V>(int rounds) : IParallelJob
        where V : unmanaged, IHostVector<V, T>
    {
        public void Run(int piece)
        {
            int rows = MicroKernel.Rows<V, T>(), columns = MicroKernel.Columns<V, T>();
            T* left = Scratch.Get<T>(ScratchSlot.PackedRows, PanelDepth * rows);
            T* right = Scratch.Get<T>(ScratchSlot.PackedColumns, PanelDepth * columns);
            T* tile = Scratch.Get<T>(ScratchSlot.Sums, rows * columns);
            new Span<T>(left, PanelDepth * rows).Fill(Element.Of<T>(0.5));
            new Span<T>(right, PanelDepth * columns).Fill(Element.Of<T>(0.25));
            for (int call = 0; call < CallsPerRound * rounds; call++)
            {
                MicroKernel.Sum<V, T, DotTerm<T>>(PanelDepth, left, right, tile, resume: false);
            }
        }
    }
}
