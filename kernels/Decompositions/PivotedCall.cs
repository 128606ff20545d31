using System.Diagnostics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Decompositions;

/// <summary>A ≈ L Lᵀ with complete pivoting, as an engine runs it: on the host in float64, on an accelerator in the precision of the element.</summary>
/// <typeparam name="T">The element.</typeparam>
internal readonly struct PivotedCall<T> : IEngineCall, IBatchCall
    where T : unmanaged
{
    /// <summary>items x size x size, finite and symmetric; undefined afterwards.</summary>
    public required T[] Matrices { get; init; }

    /// <summary>Receives a factor by item.</summary>
    public required IncompleteFactor[] Factors { get; init; }

    /// <summary>Rows of a matrix.</summary>
    public required int Size { get; init; }

    /// <summary>The share of the largest diagonal below which a residual is noise; null for size units in the last place.</summary>
    public required double? Tolerance { get; init; }

    /// <summary>Whether errors name the item.</summary>
    public required bool IsBatch { get; init; }

    /// <summary>How to run.</summary>
    public required RunSettings Settings { get; init; }

    /// <inheritdoc/>
    public string Operation => Settings.Operation;

    /// <summary>Operations of the columns that were taken, each out of the columns behind it.</summary>
    public double Flops
    {
        get
        {
            int size = Size;
            return Factors.Sum(factor => (double)size * factor.Rank * factor.Rank);
        }
    }

    private double Noise => Tolerance ?? Math.Min(1, Size * Epsilon.Of<T>());

    /// <inheritdoc/>
    public void OnHost(HostEngine engine)
    {
        long started = Stopwatch.GetTimestamp();
        if (IsBatch) HostBatch.Run(engine, this, Factors.Length);
        else RunItem(engine, 0, Settings with { Trace = null });
        Settings.Trace?.Computed(started, Factors.Length);
        Settings.Trace?.Tiling = IsBatch ? $"{Told("float64")}, a matrix a thread" : Told("float64");
    }

    /// <inheritdoc/>
    public void OnAccelerator(AcceleratorEngine engine)
    {
        PivotedScale[] scales = new PivotedScale[Factors.Length];
        for (int item = 0; item < scales.Length; item++) scales[item] = PivotedScale.Take(Matrices.AsSpan(item * Size * Size, Size * Size), Size, Noise, NameOf(item));
        int most = Factors.Length;
        for (int first = 0; first < Factors.Length && Size > 0;)
        {
            int count = Math.Min(most, Factors.Length - first);
            try
            {
                RunSettings part = Settings with { Progress = PartialProgress.Of(Settings.Progress, first, Factors.Length, count) };
                using PivotedDevice<T> device = new(engine, Size, scales.AsSpan(first, count), part);
                device.Factor(Matrices.AsSpan(first * Size * Size, count * Size * Size));
                for (int item = 0; item < count; item++) Factors[first + item] = device.Result(item, NameOf(first + item));
            }
            catch (DeviceOutOfMemoryException) when (count > 1)
            {
                most = (count + 1) / 2;
                Settings.Trace?.Retries += 1;
                continue;
            }

            first += count;
        }

        if (Size == 0) Array.Fill(Factors, new IncompleteFactor([], [], 0, 0));
        Settings.Progress?.Report(1);
        Settings.Trace?.Tiling = $"{Told(Element.NameOf<T>())}, a group per matrix for {PivotedDevice<T>.Panel} of them, what these leave by a product";
    }

    /// <inheritdoc/>
    public void RunItem(HostEngine engine, int item, in RunSettings settings)
    {
        MatrixRef<T> matrix = MatrixRef<T>.Of(Matrices.AsSpan(item * Size * Size, Size * Size), Size, Size);
        Factors[item] = IncompleteCholeskyHost.Factor(engine, matrix, Math.Max(1, Size), 0, 1, settings with { Operation = NameOf(item) }, Noise);
    }

    private string Told(string precision) => IsBatch ? $"{Factors.Length} x {Size} x {Size}: complete pivoting in {precision}, {Factors.Sum(factor => (long)factor.Rank)} pivots above the tolerance"
        : $"{Size} x {Size}: complete pivoting in {precision}, {Factors[0].Rank} pivots above the tolerance";

    private string NameOf(int item) => IsBatch ? $"{Settings.Operation}, batch[{item}]" : Settings.Operation;
}
