using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>What was fitted, on its way into an archive: arrays under a prefix, so that models may hold models.</summary>
/// <param name="file">The archive.</param>
/// <param name="prefix">What names begin with.</param>
internal sealed class ModelStateWriter(NpzWriter file, string prefix)
{
    /// <summary>The same archive under a longer prefix.</summary>
    public ModelStateWriter In(string part) => new(file, $"{prefix}{part}_");

    /// <summary>Adds finite numbers.</summary>
    public void Add(string name, double[] values, params ReadOnlySpan<nint> shape) => file.Add(prefix + name, Tensor.Create((double[])values.Clone(), shape.IsEmpty ? [values.Length] : shape));

    /// <summary>Adds a tensor, in float64, which holds every float32.</summary>
    public void Add<T>(string name, Tensor<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => file.Add(prefix + name, Tensor.ConvertTruncating<T, double>(values));

    /// <summary>Adds integers.</summary>
    public void Add(string name, params long[] values) => file.Add(prefix + name, Tensor.Create(values, [values.Length]));
}
