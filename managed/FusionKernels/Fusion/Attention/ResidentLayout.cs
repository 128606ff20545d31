using System.Numerics;
using FusionKernels.Kernels.Attention;
using FusionKernels.Kernels.Attention.Devices;

namespace FusionKernels;

/// <summary>Where the elements of one call's tensors lie on their device.</summary>
/// <param name="problem">The call's problem.</param>
/// <param name="layout">The order of the tensors' axes; of packed ones, total x heads x width, the second.</param>
internal readonly struct ResidentLayout(AttentionProblem problem, AttentionLayout layout)
{
    /// <summary>Whether items are apart by where they begin, not by a stride.</summary>
    private bool IsPacked => problem.QueryStarts is not null;

    /// <summary>The call's problem.</summary>
    public AttentionProblem Problem => problem;

    /// <summary>The shape of a tensor, for checks.</summary>
    public HeadsRef<T> ShapeOf<T>(DeviceTensor<T> tensor, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => DeviceHeads.ShapeOf(tensor, layout, name);

    /// <summary>The elements of queries, keys, values or what is like them.</summary>
    public ResidentTensor<T> Elements<T>(DeviceTensor<T> tensor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ResidentTensor<T> elements = DeviceHeads.ElementsOf(tensor, layout);
        return IsPacked ? elements with { Batch = 0 } : elements;
    }

    /// <summary>Dense values of every query of every head.</summary>
    public ResidentTensor<T> RowValues<T>(DeviceTensor<T> dense)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        IsPacked ? new(dense.Buffer, 0, problem.AllQueries, 1, 1) : new(dense.Buffer, (long)problem.QueryHeads * problem.Queries, problem.Queries, 1, 1);
}
