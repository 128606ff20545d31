using System.Diagnostics;
using FusionKernels.Kernels.Attention.Decoding;
using FusionKernels.Kernels.Attention.Devices;
using FusionKernels.Kernels.Attention.Unfused;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Attention;

/// <summary>One pass over one problem, as both kinds of engine run it.</summary>
/// <typeparam name="T">The element.</typeparam>
/// <param name="pass">What is computed.</param>
/// <param name="problem">The problem.</param>
/// <param name="operands">Operands in pinned host memory; of those that live on the device, the mask alone, and where packed items begin.</param>
/// <param name="residents">Operands that live on the device; null for none.</param>
/// <param name="settings">How to run.</param>
/// <param name="cache">Keys and values where they are a cache's, on the engine; else null.</param>
internal unsafe struct AttentionCall<T>(
    AttentionPass pass, AttentionProblem problem, AttentionOperands<T>* operands, AttentionResidents<T>? residents, RunSettings settings, KeyValuePages<T>? cache = null) : IEngineCall
    where T : unmanaged
{
    /// <summary>Whether a device met a result that is not finite, of operands that live there.</summary>
    public bool MetNonFinite { get; private set; }

    /// <inheritdoc/>
    public readonly string Operation => settings.Operation;

    /// <inheritdoc/>
    public readonly void OnHost(HostEngine engine)
    {
        long started = Stopwatch.GetTimestamp();
        AttentionRun run = new(problem, settings);
        AttentionOperands<T> all = StoredRounding.Of(problem, residents?.OnHost(*operands) ?? *operands, out T[][] copies);
        long blocks = 0;
        if (settings.Trace is not null && !all.Mask.IsAbsent) all.Blocks = &blocks;
        Run(engine, run, &all);
        if (run.MetNonFinite) AttentionInput.ThrowNonFinite(problem, all, settings.Operation);
        GC.KeepAlive(copies);
        if (settings.Trace is not { } trace) return;
        trace.Computed(started, 1);
        trace.Tiling = Describe(engine, &all);
        trace.PeakBytes = Math.Max(trace.PeakBytes, run.WorkingBytes + copies.Sum(copy => (long)copy.Length * sizeof(T)));
        if (!all.Mask.IsAbsent) trace.Tiling += $", {blocks} blocks that the mask leaves";
    }

    /// <inheritdoc/>
    public void OnAccelerator(AcceleratorEngine engine)
    {
        if (problem.Route == AttentionRoute.Unfused) throw new NotSupportedException($"{settings.Operation}: devices compute attention fused; leave the option {nameof(problem.Route)} at {AttentionRoute.Auto}, or name the host");
        if (typeof(T) != typeof(float)) throw new NotSupportedException($"{settings.Operation}: devices compute attention in float32; float64 runs on the host");
        if (AttentionDevice.Run(engine, pass, problem, *(AttentionOperands<float>*)operands, residents as AttentionResidents<float>, cache as DevicePages, settings)) return;
        MetNonFinite = true;
        if (residents is null) AttentionInput.ThrowNonFinite(problem, StoredRounding.Of(problem, *operands, out _), settings.Operation);
    }

    private readonly string Describe(HostEngine engine, AttentionOperands<T>* all)
    {
        if (pass != AttentionPass.Forward || cache is not null) return AttentionPlan.DescribeBlocks(engine.Width, sizeof(T));
        if (OnlyKeyHost<T>.Suits(problem, all)) return OnlyKeyHost<T>.Description;
        return AttentionPlan.DescribeOnHost(problem, !all->Mask.IsAbsent, AreApart(all), engine.Width, sizeof(T));
    }

    private readonly void Run(HostEngine engine, AttentionRun run, AttentionOperands<T>* all)
    {
        switch (pass)
        {
            case AttentionPass.Forward when cache is not null:
                Decode(engine, run, all, (HostPages<T>)cache);
                break;
            case AttentionPass.Forward when OnlyKeyHost<T>.Suits(problem, all):
                OnlyKeyHost<T> only = new() { Engine = engine, Run = run, Operands = all };
                VectorDispatch.Run<T, OnlyKeyHost<T>>(engine.Width, ref only);
                break;
            case AttentionPass.Forward when RouteOf(engine, all) == AttentionRoute.Unfused:
                RunUnfused(engine, run, all);
                break;
            case AttentionPass.Forward when DecodePlan.Suits(problem):
                DecodeHost<T> decode = new() { Engine = engine, Run = run, Operands = all, Source = new(new(all->Key), new(all->Value)) };
                VectorDispatch.Run<T, DecodeHost<T>>(engine.Width, ref decode);
                break;
            case AttentionPass.Forward:
                AttentionForwardHost<T> forward = new() { Engine = engine, Run = run, Operands = all };
                VectorDispatch.Run<T, AttentionForwardHost<T>>(engine.Width, ref forward);
                break;
            case AttentionPass.Weights:
                AttentionWeightsHost<T> weights = new() { Engine = engine, Run = run, Operands = all };
                VectorDispatch.Run<T, AttentionWeightsHost<T>>(engine.Width, ref weights);
                break;
            default:
                AttentionBackwardHost<T> backward = new() { Engine = engine, Run = run, Operands = all };
                VectorDispatch.Run<T, AttentionBackwardHost<T>>(engine.Width, ref backward);
                break;
        }
    }

    private readonly AttentionRoute RouteOf(HostEngine engine, AttentionOperands<T>* all) => AttentionPlan.RouteOnHost(problem, !all->Mask.IsAbsent, AreApart(all), engine.Width, sizeof(T)).Route;

    private static bool AreApart(AttentionOperands<T>* all) => LaneStore.Collides<T>(all->Key.Row) || LaneStore.Collides<T>(all->Value.Row);

    private static void RunUnfused(HostEngine engine, AttentionRun run, AttentionOperands<T>* all)
    {
        if (typeof(T) == typeof(float))
        {
            UnfusedHost<float> job = new() { Engine = engine, Run = run, Operands = (AttentionOperands<float>*)all };
            VectorDispatch.Run<float, UnfusedHost<float>>(engine.Width, ref job);
        }
        else
        {
            UnfusedHost<double> job = new() { Engine = engine, Run = run, Operands = (AttentionOperands<double>*)all };
            VectorDispatch.Run<double, UnfusedHost<double>>(engine.Width, ref job);
        }
    }

    private static void Decode(HostEngine engine, AttentionRun run, AttentionOperands<T>* all, HostPages<T> cache)
    {
        nint[] addresses = cache.Addresses(out int[] tables);
        fixed (nint* pages = addresses)
        fixed (int* first = tables)
        {
            KeyRows<T> keys = new(pages, first, cache.PageRows, 0, cache.Width);
            KeyRows<T> values = new(pages, first, cache.PageRows, (long)cache.Heads * cache.PageRows * cache.Width, cache.ValueWidth);
            DecodeHost<T> job = new() { Engine = engine, Run = run, Operands = all, Source = new(keys, values) };
            VectorDispatch.Run<T, DecodeHost<T>>(engine.Width, ref job);
        }
    }
}
