using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Warping;

namespace FusionKernels;

/// <summary>Given point costs on their way to an engine.</summary>
/// <typeparam name="T">The element.</typeparam>
internal readonly struct DtwCosts<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Execution _execution;

    /// <summary>Checks the costs.</summary>
    /// <exception cref="ArgumentException">They or the options are wrong.</exception>
    public DtwCosts(Tensor<T> costs, DtwOptions? options, string operation)
    {
        ArgumentNullException.ThrowIfNull(costs);
        DtwOptions read = (options ?? new()) with { Cost = PointCost.Absolute, Channels = ChannelAlignment.Dependent };
        Problem = read.Problem();
        if (costs.Rank != 2 || costs.IsEmpty) throw new ArgumentException($"'{nameof(costs)}' is {Shape.Of(costs.Lengths)}; point costs are length of x x length of y, at least 1 x 1", nameof(costs));
        int index = 0, columns = checked((int)costs.Lengths[1]);
        foreach (T cost in costs)
        {
            if (!(cost >= T.Zero) || !T.IsFinite(cost)) throw new ArgumentException(FormattableString.Invariant($"{nameof(costs)}[{index / columns}, {index % columns}] is {cost}: point costs are finite and 0 or more"), nameof(costs));
            index++;
        }

        _execution = Execution.Begin<T>(options, HostExecution.Device, operation);
    }

    /// <summary>What is computed.</summary>
    public WarpingProblem Problem { get; }

    /// <summary>Who runs it.</summary>
    public Engine Engine => _execution.Engine;

    /// <summary>How to run it.</summary>
    public RunSettings Settings => _execution.Settings;

    /// <summary>Tells what ran, where somebody asked.</summary>
    public T Complete(T result, Tensor<T> costs)
    {
        _execution.Complete<T>("given costs", costs.FlattenedLength, (long)costs.FlattenedLength * Kernels.Simd.Element.SizeOf<T>());
        return result;
    }

    /// <inheritdoc/>
    public void Dispose() => _execution.Dispose();
}
