using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Simd;

namespace FusionKernels;

/// <summary>What kernel methods check alike.</summary>
internal static class KernelModel
{
    /// <summary>Checks a number of components.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    /// <exception cref="ArgumentException">It exceeds what the rows can hold.</exception>
    public static void RequireComponents(int components, int rows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(components, 1);
        if (components > rows - 1) throw new ArgumentException($"{components} components are more than {rows} centred rows hold, {rows - 1}", nameof(components));
    }

    /// <summary>Checks a numerical rank.</summary>
    /// <exception cref="ArgumentException">It is 0.</exception>
    public static void RequireRank(int rank, string name)
    {
        if (rank == 0) throw new ArgumentException($"the kernel of {name} tells no two rows apart", name);
    }

    /// <summary>Transforms rows by variates that were fitted to rows of some element.</summary>
    /// <exception cref="ArgumentException">The element is another.</exception>
    public static Tensor<double> Transform<T>(object variates, Tensor<T> rows, string name, string operation, ExecutionOptions? options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(rows, name);
        if (variates is KernelVariates<T> own) return own.Transform(rows, name, operation, options);
        string fitted = variates is KernelVariates<float> ? Element.NameOf<float>() : Element.NameOf<double>();
        throw new ArgumentException($"'{name}' is of {typeof(T).Name}, the model was fitted to rows of {fitted}: convert them", name);
    }
}
