using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Attention;
using FusionKernels.Kernels.Attention.Devices;

namespace FusionKernels;

/// <content>Queries against a cache of keys and values.</content>
public static partial class Attention
{
    private const string DecodeName = "Attention.Decode";

    /// <summary>Attention of a few new queries to all keys that a cache holds, each sequence to its own.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="q">Queries: sequences x query heads x queries x width; the cache's heads divide the query heads.</param>
    /// <param name="cache">Keys and values, those of the queries' own positions appended before.</param>
    /// <param name="options">Masks, scale, threads; null for plain attention. Several queries want <see cref="CausalAlignment.BottomRight"/>. <see cref="AttentionOptions.KeyLengths"/> must be null: the cache knows them.</param>
    /// <param name="bias">Added to the scores: sequences x query heads x queries x longest sequence, dimensions of 1 or left out in front repeat; null for none. A mask has such a shape, too.</param>
    /// <returns>Output, the shape of the queries with the width of the values, and log-sum-exp, sequences x query heads x queries.</returns>
    /// <remarks>
    /// Runs where the cache is. All query heads that share a key head go through its keys together, so that each is read once. Keys
    /// are split into parts, on the host of 1024, whose results are merged in their order as <see cref="Merge{T}(IReadOnlyList{AttentionResult{T}})"/> merges them: the bits
    /// depend neither on threads nor on the size of a page. Speed is that of the memory: (width + value width) elements for every
    /// key and key head. Queries are rounded to the cache's format.
    /// </remarks>
    /// <exception cref="ArgumentException">Shapes or options do not fit, or a query or an element of the bias that a result depends on is not finite.</exception>
    /// <exception cref="NotSupportedException">The options ask for dropout.</exception>
    /// <exception cref="DeviceMismatchException">The options name another device than the cache's.</exception>
    /// <exception cref="NumericalException">The input is finite and a result exceeds the range of the element.</exception>
    /// <exception cref="DeviceOutOfMemoryException">The device has no room for queries and results.</exception>
    /// <exception cref="DeviceLostException">The device faulted.</exception>
    /// <exception cref="ObjectDisposedException">The cache or its device was disposed.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static AttentionResult<T> Decode<T>(Tensor<T> q, KeyValueCache<T> cache, AttentionOptions? options = null, Tensor<T>? bias = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(q);
        ArgumentNullException.ThrowIfNull(cache);
        options ??= Default;
        using AttentionExecution execution = AttentionExecution.Begin<T>(options, DeviceOf(cache, options), DecodeName);
        HeadsRef<T> queries = Heads(q, options, nameof(q));
        AttentionProblem problem = AttentionProblems.OfCache(queries, cache, options, DecodeName);
        nint[] shape = q.Lengths.ToArray();
        shape[^1] = cache.ValueWidth;
        Tensor<T> output = ResultTensor.Create<T>(DecodeName, shape), logSumExp = ResultTensor.Create<T>(DecodeName, LogSumExpShape(queries));
        AttentionTensors<T> tensors = new()
        {
            Query = queries.Elements,
            Bias = PairTensor.Of(bias, problem, nameof(bias)),
            Mask = PairTensor.Of(options.Mask, problem, nameof(options.Mask)),
            Output = Heads(output, options, nameof(output)).Elements,
            LogSumExp = RowValues(problem, logSumExp),
        };
        Attentions.Decode(execution.Engine, problem, tensors, cache.Pages, execution.Settings);
        execution.Complete<T>(AttentionPlan.ForwardFlops(problem), AttentionPlan.CacheBytes(problem, Unsafe.SizeOf<T>()) + PairTensor.Bytes(bias), inPlace: true);
        return new(output, logSumExp);
    }

    /// <summary>Attention of a few new queries to all keys that a cache holds, on the device that holds both; results stay there.</summary>
    /// <param name="q">Queries, on the cache's device.</param>
    /// <param name="cache">Keys and values, those of the queries' own positions appended before.</param>
    /// <param name="options">As for queries of the host.</param>
    /// <param name="bias">As for queries of the host, on the cache's device; null for none.</param>
    /// <returns>Output and log-sum-exp; dispose it to give its memory back.</returns>
    /// <inheritdoc cref="Decode{T}(Tensor{T}, KeyValueCache{T}, AttentionOptions?, Tensor{T}?)"/>
    public static DeviceAttentionResult<T> Decode<T>(DeviceTensor<T> q, KeyValueCache<T> cache, AttentionOptions? options = null, DeviceTensor<T>? bias = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(q);
        ArgumentNullException.ThrowIfNull(cache);
        options ??= Default;
        if (q.Device.Engine != cache.Device.Engine) throw new DeviceMismatchException(DecodeName, cache.Device.Description.Name, q.Device.Description.Name);
        using AttentionExecution execution = AttentionExecution.Begin<T>(options, DeviceOf(q, options, DecodeName, bias), DecodeName);
        RequireNoDropout(options);
        HeadsRef<T> queries = DeviceHeads.ShapeOf(q, options.Layout, nameof(q));
        AttentionProblem problem = AttentionProblems.OfCache(queries, cache, options, DecodeName);
        nint[] shape = q.Lengths.ToArray();
        shape[^1] = cache.ValueWidth;
        List<IDisposable> held = [];
        try
        {
            DeviceAttentionResult<T> result = new(Allocate<T>(execution.Device, shape, held), Allocate<T>(execution.Device, LogSumExpShape(queries), held));
            ResidentLayout layout = new(problem, options.Layout);
            AttentionResidents<T> residents = new()
            {
                Query = layout.Elements(q),
                Bias = PairTensor.Of(bias, problem, nameof(bias)),
                Output = layout.Elements(result.Output),
                LogSumExp = layout.RowValues(result.LogSumExp),
            };
            Attentions.Run(execution.Engine, AttentionPass.Forward, problem, residents, PairTensor.Of(options.Mask, problem, nameof(options.Mask)), execution.Settings, cache.Pages);
            execution.Complete<T>(AttentionPlan.ForwardFlops(problem), AttentionPlan.CacheBytes(problem, Unsafe.SizeOf<T>()) + PairTensor.Bytes(bias), inPlace: true);
            return result;
        }
        catch
        {
            foreach (IDisposable tensor in held) tensor.Dispose();
            throw;
        }
    }

    /// <summary>Where a cache is; any host serves one in this process's memory.</summary>
    private static ComputeDevice DeviceOf<T>(KeyValueCache<T> cache, AttentionOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RequireNoDropout(options);
        if (options.Device is not { } named || named.Engine == cache.Device.Engine) return cache.Device;
        return HostExecution.IsHost(named) && HostExecution.IsHost(cache.Device) ? named : throw new DeviceMismatchException(DecodeName, named.Description.Name, cache.Device.Description.Name);
    }

    private static void RequireNoDropout(AttentionOptions options)
    {
        if (options.Dropout != 0) throw new NotSupportedException($"{DecodeName}: a cache is read without dropout; leave the option {nameof(options.Dropout)} at 0");
    }
}
