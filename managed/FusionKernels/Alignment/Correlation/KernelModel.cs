using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions.Spectra;
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

    /// <summary>Starts a fit: on the options' device where it computes kernel values, else on the host.</summary>
    public static Execution Begin<T>(KernelInput<T> input, KernelFactorOptions options, string operation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        HostExecution.BeginBeside<T>(options, operation, input.HasKernel && options.Approximation != KernelApproximation.Fourier);

    /// <summary>Tells what ran: of each side all eigenvectors of a matrix, or a factor of few columns.</summary>
    public static void Complete<T>(in Execution execution, KernelFactorOptions options, params ReadOnlySpan<KernelInput<T>> sides)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double flops = 0;
        long bytes = 0;
        int rows = sides[0].Rows;
        bool isDense = options.Approximation == KernelApproximation.Dense;
        foreach (KernelInput<T> side in sides)
        {
            double columns = Math.Min(options.Rank, rows), features = side.HasKernel ? side.Tensor.Lengths[1] : 0;
            flops += isDense ? new SymmetricEigenPlan(rows, 1, rows, WantsVectors: true, sizeof(double)).Flops : 2 * rows * columns * (columns + features);
            bytes += (long)(8 * rows * (isDense ? rows : columns));
        }

        execution.CompleteWhole<T>($"{options.Approximation}: {(isDense ? $"all eigenvectors of {rows} x {rows}" : $"factors of at most {options.Rank} columns, linear in rows")}, kernel values on {execution.Device.Description.Name}", flops, bytes);
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

    /// <summary>Transforms rows of both sides, told as one operation.</summary>
    /// <inheritdoc cref="Transform{T}(object, Tensor{T}, string, string, ExecutionOptions?)" path="/exception"/>
    public static (Tensor<double> X, Tensor<double> Y) Transform<T>(object sideX, Tensor<T> x, string nameX, object sideY, Tensor<T> y, string nameY, string operation, ExecutionOptions? options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x, nameX);
        ArgumentNullException.ThrowIfNull(y, nameY);
        using Execution execution = HostExecution.BeginBeside<T>(options, operation, hasKernel: sideX is KernelVariates<T> { HasKernel: true } || sideY is KernelVariates<T> { HasKernel: true });
        (Tensor<double> X, Tensor<double> Y) variates = HostExecution.Both(options, half => Transform(sideX, x, nameX, operation, half), half => Transform(sideY, y, nameY, operation, half));
        execution.CompleteWhole<T>("blocks of rows of either side", 0, 8L * (variates.X.FlattenedLength + variates.Y.FlattenedLength));
        return variates;
    }
}
